import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { WorkerRequest } from "@sluice/core/worker";
import { lambdaVariables } from "@sluice/testing/lambda-variables";
import { answerWith, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, expect, test, vi } from "vitest";
import { createInvokeOnceClient } from "./lambda-invoker.ts";
import { createLambdaWorkerInvoker } from "./lambda-worker-invoker.ts";

const REQUEST: WorkerRequest = {
  version: 1,
  attemptId: "attempt-1",
  provider: "demo",
  recordId: "a",
  attempt: 1,
  runId: "run",
  correlationId: "trace",
  deadlineAtMs: 1_795_003_260_000,
};

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Each error of the Invoke call, with its status, and whether the function certainly never started. */
const FATES: readonly (readonly [name: string, status: number, kind: "refused" | "lost"])[] = [
  ["CodeArtifactUserDeletedException", 400, "refused"],
  ["CodeArtifactUserFailedException", 400, "refused"],
  ["CodeArtifactUserPendingException", 400, "refused"],
  ["DurableExecutionAlreadyStartedException", 409, "lost"],
  ["EC2AccessDeniedException", 502, "refused"],
  ["EC2ThrottledException", 502, "refused"],
  ["EC2UnexpectedException", 502, "refused"],
  ["EFSIOException", 410, "lost"],
  ["EFSMountConnectivityException", 408, "refused"],
  ["EFSMountFailureException", 403, "refused"],
  ["EFSMountTimeoutException", 408, "refused"],
  ["ENILimitReachedException", 502, "refused"],
  ["ENINotReadyException", 502, "refused"],
  ["InvalidParameterValueException", 400, "refused"],
  ["InvalidRequestContentException", 400, "refused"],
  ["InvalidRuntimeException", 502, "refused"],
  ["InvalidSecurityGroupIDException", 502, "refused"],
  ["InvalidSubnetIDException", 502, "refused"],
  ["InvalidZipFileException", 502, "refused"],
  ["KMSAccessDeniedException", 502, "refused"],
  ["KMSDisabledException", 502, "refused"],
  ["KMSInvalidStateException", 502, "refused"],
  ["KMSNotFoundException", 502, "refused"],
  ["ModeNotSupportedException", 400, "refused"],
  ["NoPublishedVersionException", 400, "refused"],
  ["RecursiveInvocationException", 400, "refused"],
  ["RequestTooLargeException", 413, "refused"],
  ["ResourceConflictException", 409, "refused"],
  ["ResourceNotFoundException", 404, "refused"],
  ["ResourceNotReadyException", 502, "refused"],
  ["S3FilesMountConnectivityException", 408, "refused"],
  ["S3FilesMountFailureException", 403, "refused"],
  ["S3FilesMountTimeoutException", 408, "refused"],
  ["SerializedRequestEntityTooLargeException", 413, "refused"],
  ["ServiceException", 500, "lost"],
  ["ServiceQuotaExceededException", 402, "refused"],
  ["SnapStartException", 400, "refused"],
  ["SnapStartNotReadyException", 409, "refused"],
  ["SnapStartRegenerationFailureException", 400, "refused"],
  ["SnapStartTimeoutException", 408, "refused"],
  ["SubnetIPAddressLimitReachedException", 502, "refused"],
  ["TooManyRequestsException", 429, "refused"],
  ["UnsupportedMediaTypeException", 415, "refused"],
  // Of every AWS service: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
  ["AccessDeniedException", 403, "refused"],
  ["ExpiredTokenException", 403, "refused"],
  ["InternalFailure", 500, "lost"],
  ["ServiceUnavailable", 503, "lost"],
  ["ThrottlingException", 400, "refused"],
  ["UnrecognizedClientException", 403, "refused"],
  // Of something between.
  ["SomethingNew", 504, "lost"],
  ["SomethingNew", 408, "lost"],
];

test.each(FATES)("%s (%i): the function is %s, after exactly one request", async (name, status, kind) => {
  const server = await startRawServer(answerWith(status, '{"message":"why"}', { "x-amzn-ErrorType": name }));
  for (const [key, value] of Object.entries(lambdaVariables(server.url))) vi.stubEnv(key, value);
  const invoker = createLambdaWorkerInvoker(createInvokeOnceClient(), "worker");
  const invocation = await invoker.invoke(REQUEST, 5_000);
  expect(invocation).toEqual({ kind, cause: expect.stringMatching(/why/) });
  if (name !== "SomethingNew") expect(invocation).toHaveProperty("cause", expect.stringContaining(name));
  expect(server.paths).toHaveLength(1);
  await server.stop();
});

test("every error that the SDK knows of the call is among them", async () => {
  const entry = fileURLToPath(import.meta.resolve("@aws-sdk/client-lambda"));
  const declarations = entry.replace(/dist-\w+\/.*$/, "dist-types/commands/InvokeCommand.d.ts");
  const text = await readFile(declarations, "utf8");
  const known = [...text.matchAll(/@throws \{@link (\w+Exception)\} \((?:client|server) fault\)/g)];
  expect(known.length).toBeGreaterThan(40);
  const named = FATES.map(([name]) => name);
  expect(known.map(([, name]) => name).filter((name) => !named.includes(name ?? ""))).toEqual([]);
});

test.each([
  "ReservedFunctionConcurrentInvocationLimitExceeded",
  "ConcurrentInvocationLimitExceeded",
  "CallerRateLimitExceeded",
])("a refusal for lack of concurrency says of which kind: %s", async (reason) => {
  const body = JSON.stringify({ message: "Rate Exceeded.", Reason: reason });
  const server = await startRawServer(
    answerWith(429, body, { "x-amzn-ErrorType": "TooManyRequestsException" }),
  );
  for (const [key, value] of Object.entries(lambdaVariables(server.url))) vi.stubEnv(key, value);
  const invoker = createLambdaWorkerInvoker(createInvokeOnceClient(), "worker");
  expect(await invoker.invoke(REQUEST, 5_000)).toEqual({
    kind: "refused",
    cause: `TooManyRequestsException: Rate Exceeded. (${reason})`,
  });
  await server.stop();
});

test("without credentials nothing is sent, and nothing started", async () => {
  const server = await startRawServer(answerWith(200, "{}"));
  for (const [key, value] of Object.entries(lambdaVariables(server.url))) vi.stubEnv(key, value);
  const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" };
  const files = { AWS_SHARED_CREDENTIALS_FILE: "/nowhere", AWS_CONFIG_FILE: "/nowhere" };
  for (const [key, value] of Object.entries({ ...none, ...files })) vi.stubEnv(key, value);
  const invocation = await createLambdaWorkerInvoker(createInvokeOnceClient(), "worker").invoke(
    REQUEST,
    5_000,
  );
  expect(invocation).toMatchObject({ kind: "refused", cause: expect.stringContaining("Credentials") });
  expect(server.paths).toEqual([]);
  await server.stop();
});

test("the wait for the end is ended by the signal that it is given", async () => {
  const server = await startRawServer(() => {});
  for (const [key, value] of Object.entries(lambdaVariables(server.url))) vi.stubEnv(key, value);
  const controller = new AbortController();
  const waits: number[] = [];
  const abortAfter = (durationMs: number) => {
    waits.push(durationMs);
    return controller.signal;
  };
  const invoker = createLambdaWorkerInvoker(createInvokeOnceClient(), "worker", abortAfter);
  const invocation = invoker.invoke(REQUEST, 123_456);
  await vi.waitFor(() => expect(server.paths).toHaveLength(1));
  controller.abort();
  expect((await invocation).kind).toBe("lost");
  expect(waits).toEqual([123_456]);
  await server.stop();
});
