import { createInvokeOnceClient } from "@sluice/aws/lambda-invoker";
import { createLambdaWorkerInvoker } from "@sluice/aws/lambda-worker-invoker";
import type { Invocation, WorkerInvoker } from "@sluice/core/ports";
import type { WorkerRequest } from "@sluice/core/worker";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { lambdaVariables } from "@sluice/testing/lambda-variables";
import { type Answering, answerWith, startRawServer } from "@sluice/testing/raw-server";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";

const REQUEST: WorkerRequest = {
  version: 1,
  attemptId: "attempt-1",
  provider: "demo",
  recordId: "Zürich 🦊\u0000",
  payload: { part: [1] },
  attempt: 1,
  runId: "run",
  correlationId: "trace",
  deadlineAtMs: 1_795_003_260_000,
};
const LONG_MS = 30_000;

afterEach(() => {
  vi.unstubAllEnvs();
});

function invokerOf(endpoint: string, functionName: string): WorkerInvoker {
  for (const [name, value] of Object.entries(lambdaVariables(endpoint))) vi.stubEnv(name, value);
  return createLambdaWorkerInvoker(createInvokeOnceClient(), functionName);
}

describe("a worker on Lambda", () => {
  let harness: LambdaHarness;
  beforeAll(async () => {
    harness = await startLambdaHarness();
  });
  afterAll(() => harness.stop());

  const invokerFor = (functionName: string) => invokerOf(harness.service.endpoint, functionName);
  const statsOf = (functionName: string) => harness.service.lambda.stats().get(functionName);

  test("that answers is answered, and has got the request as it was", async () => {
    await harness.deploy("echo", "export const handler = async (event) => ({ event });");
    expect(await invokerFor("echo").invoke(REQUEST, LONG_MS)).toEqual({
      kind: "answered",
      payload: { event: REQUEST },
    });
  });

  test("that answers nothing is answered all the same: what counts as a reply is for others to judge", async () => {
    await harness.deploy("stub", "export const handler = async () => {};");
    expect(await invokerFor("stub").invoke(REQUEST, LONG_MS)).toEqual({ kind: "answered", payload: null });
  });

  test.each([
    [
      "crashes in its job",
      `export const handler = async () => {
        throw Object.assign(new Error("RangeError: out of range"), { name: "WorkerCrashed" });
      };`,
      "worker crashed: RangeError: out of range",
    ],
    [
      "exits",
      "export const handler = async () => process.exit(3);",
      "worker crashed: Runtime.ExitError: RequestId: ",
    ],
    [
      "hangs",
      "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));",
      "worker crashed: Sandbox.Timedout: RequestId: ",
    ],
    [
      "forgets a promise",
      "export const handler = () => { Promise.reject(new Error('forgotten')); return new Promise((resolve) => setTimeout(resolve, 60_000)); };",
      "worker crashed: Runtime.UnhandledPromiseRejection: Error: forgotten",
    ],
    [
      "throws a text",
      "export const handler = async () => { throw 'text'; };",
      "worker crashed: string: text",
    ],
  ])("that %s has crashed, once", async (what, source, cause) => {
    const name = what.replace(/\W/g, "-");
    await harness.deploy(name, source, { timeoutMs: 300 });
    expect(await invokerFor(name).invoke(REQUEST, LONG_MS)).toEqual({
      kind: "crashed",
      cause: expect.stringContaining(cause),
    });
    expect(statsOf(name)?.invocationCount).toBe(1);
  });

  test.each([
    ["throws while it is loaded", "throw new Error('no variable');", "Error: no variable"],
    ["is no JavaScript", "export const handler = ;", "Runtime.UserCodeSyntaxError: SyntaxError: "],
    [
      "lacks a module",
      "import { createRequire } from 'node:module'; createRequire(import.meta.url)('nowhere');",
      "Runtime.ImportModuleError: Error: Cannot find module 'nowhere'",
    ],
    ["exports no handler", "export const handle = 1;", "Runtime.HandlerNotFound: "],
    [
      "throws in a timer while it is loaded",
      "setTimeout(() => { throw new TypeError('no function'); }); await new Promise((resolve) => setTimeout(resolve, 60_000));",
      "TypeError: no function",
    ],
    [
      "can't read the request",
      `export const handler = async () => {
        throw Object.assign(new Error("version"), { name: "RequestUnreadable" });
      };`,
      "RequestUnreadable: version",
    ],
  ])("that %s has refused: no job of it began", async (what, source, cause) => {
    const name = what.replace(/\W/g, "-");
    await harness.deploy(name, source);
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await invokerFor(name).invoke(REQUEST, LONG_MS)).toEqual({
        kind: "refused",
        cause: expect.stringContaining(`worker could not begin: ${cause}`),
      });
    }
  });

  test("that does not exist has refused", async () => {
    expect(await invokerFor("nobody").invoke(REQUEST, LONG_MS)).toEqual({
      kind: "refused",
      cause: "ResourceNotFoundException: Function not found: nobody",
    });
  });

  test("that has no concurrency left has refused, and ran no second time", async () => {
    await harness.deploy(
      "reserved",
      "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));",
      { reservedConcurrency: 1, timeoutMs: 1_000 },
    );
    const invoker = invokerFor("reserved");
    const first = invoker.invoke(REQUEST, LONG_MS);
    await vi.waitFor(() => expect(statsOf("reserved")?.runningCount).toBe(1));
    expect(await invoker.invoke(REQUEST, LONG_MS)).toEqual({
      kind: "refused",
      cause: "TooManyRequestsException: Rate Exceeded. (ReservedFunctionConcurrentInvocationLimitExceeded)",
    });
    expect((await first).kind).toBe("crashed");
    expect(statsOf("reserved")).toMatchObject({ throttleCount: 1, invocationCount: 1 });
  });

  test("whose request is too large has refused", async () => {
    await harness.deploy("small", "export const handler = async () => {};");
    const request = { ...REQUEST, payload: "x".repeat(7_000_000) };
    expect(await invokerFor("small").invoke(request, LONG_MS)).toEqual({
      kind: "refused",
      cause: expect.stringContaining("RequestTooLargeException"),
    });
  });

  test("that is killed while it works has crashed", async () => {
    await harness.deploy(
      "victim",
      "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));",
    );
    const invocation = invokerFor("victim").invoke(REQUEST, LONG_MS);
    await vi.waitFor(() => expect(statsOf("victim")?.runningCount).toBe(1));
    await harness.service.lambda.killOne("victim", 0);
    expect((await invocation).kind).toBe("crashed");
  });

  test("that is waited for too briefly is lost, and runs on", async () => {
    await harness.deploy(
      "patient",
      "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));",
      { timeoutMs: 2_000 },
    );
    const invocation = await invokerFor("patient").invoke(REQUEST, 500);
    expect(invocation).toEqual({ kind: "lost", cause: expect.stringMatching(/\w/) });
    expect(statsOf("patient")).toMatchObject({ runningCount: 1, invocationCount: 0 });
    await vi.waitFor(() => expect(statsOf("patient")?.invocationCount).toBe(1), { timeout: 10_000 });
  });
});

const GIVE_UP_MS = 1_000;

test.each<[what: string, kind: Invocation["kind"], answering: Answering]>([
  ["resets the connection", "lost", (response) => response.socket?.resetAndDestroy()],
  ["closes the connection without a word", "lost", (response) => response.socket?.end()],
  [
    "breaks off in the middle of its answer",
    "lost",
    (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    },
  ],
  ["never answers", "lost", () => {}],
  [
    "never ends its answer",
    "lost",
    (response) => {
      response.writeHead(200);
      response.write("{");
    },
  ],
  [
    "answers 500",
    "lost",
    answerWith(500, '{"message":"internal"}', { "x-amzn-ErrorType": "ServiceException" }),
  ],
  ["answers 502 from something else", "lost", answerWith(502, "<html>bad gateway</html>")],
  ["answers 503", "lost", answerWith(503, "")],
  [
    "answers 429",
    "refused",
    answerWith(429, '{"message":"slow"}', { "x-amzn-ErrorType": "TooManyRequestsException" }),
  ],
  [
    "answers 403",
    "refused",
    answerWith(403, '{"message":"no"}', { "x-amzn-ErrorType": "AccessDeniedException" }),
  ],
  ["answers what is no JSON", "answered", answerWith(200, "<html>hello</html>")],
])("a Lambda that %s is %s, after exactly one request", async (_, kind, answering) => {
  const server = await startRawServer(answering);
  const invocation = await invokerOf(server.url, "worker").invoke(REQUEST, GIVE_UP_MS);
  expect(invocation.kind).toBe(kind);
  expect(server.paths).toHaveLength(1);
  await server.stop();
});

test("an answer that is no JSON carries nothing that could pass for a reply", async () => {
  const server = await startRawServer(answerWith(200, "<html>hello</html>"));
  const invocation = await invokerOf(server.url, "worker").invoke(REQUEST, GIVE_UP_MS);
  expect(invocation).toEqual({ kind: "answered", payload: undefined });
  await server.stop();
});

test("a Lambda that nobody can connect to has certainly started nothing", async () => {
  const invocation = await invokerOf(await closedPort(), "worker").invoke(REQUEST, GIVE_UP_MS);
  expect(invocation).toEqual({ kind: "refused", cause: expect.stringContaining("ECONNREFUSED") });
});

test("as many as a fan-out may have are under way together", async () => {
  const waiting: (() => void)[] = [];
  const server = await startRawServer((response) => {
    waiting.push(() => response.end("{}"));
  });
  const invoker = invokerOf(server.url, "worker");
  const invocations = Array.from({ length: 300 }, () => invoker.invoke(REQUEST, LONG_MS));
  await vi.waitFor(() => expect(waiting).toHaveLength(300), { timeout: 20_000 });
  for (const end of waiting) end();
  expect(new Set((await Promise.all(invocations)).map(({ kind }) => kind))).toEqual(new Set(["answered"]));
  await server.stop();
});
