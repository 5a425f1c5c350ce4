import { InvokeCommand } from "@aws-sdk/client-lambda";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

let harness: LambdaHarness;
beforeAll(async () => {
  harness = await startLambdaHarness();
});
afterAll(() => harness.stop());

/** Says how often the environment has been called, so that a new one can be told from a reused one. */
const COUNTING = `
  let calls = 0;
  export const handler = async (event) => {
    calls += 1;
    if (event.throw) throw new RangeError("out of range");
    if (event.exit) process.exit(3);
    if (event.uncaught) setTimeout(() => { throw new RangeError("nobody catches this"); }, 0);
    if (event.reject) Promise.reject(new Error("nobody awaits this"));
    if (event.hang || event.uncaught || event.reject) await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (event.fill) return "x".repeat(event.fill);
    return calls;
  };`;

const LATER = "setTimeout(() => { throw new TypeError('no function'); }, 0);";

const statsOf = (name: string) => harness.service.lambda.stats().get(name);

test("a handler gets the event, Lambda's context and its own environment, and no other", async () => {
  await harness.deploy(
    "echo",
    `export const handler = async (event, context) => {
      console.log("hello\\nfrom " + context.functionName);
      return { event, context, left: context.getRemainingTimeInMillis(), env: process.env };
    };`,
    { environment: { COLOUR: "blue" }, timeoutMs: 5_000 },
  );
  const { error, answer } = await harness.invoke("echo", { a: [1] });
  expect(error).toBeUndefined();
  expect(answer).toMatchObject({
    event: { a: [1] },
    context: {
      callbackWaitsForEmptyEventLoop: true,
      functionName: "echo",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:echo",
      memoryLimitInMB: "128",
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: "/aws/lambda/echo",
    },
    env: { COLOUR: "blue", AWS_LAMBDA_FUNCTION_NAME: "echo", AWS_REGION: "us-east-1" },
  });
  expect(answer).toHaveProperty("left", expect.closeTo(5_000, -3));
  expect(answer).not.toHaveProperty("env.PATH");
  await vi.waitFor(() => expect(harness.lines).toEqual(expect.arrayContaining(["hello", "from echo"])));
});

test("a handler that throws ends its call and keeps its environment", async () => {
  await harness.deploy("throws", COUNTING);
  expect(await harness.invoke("throws", { throw: true })).toEqual({
    error: "Unhandled",
    answer: { errorType: "RangeError", errorMessage: "out of range", trace: expect.any(Array) },
  });
  expect((await harness.invoke("throws")).answer).toBe(2);
  expect(statsOf("throws")).toMatchObject({ errorCount: 1, crashCount: 0, coldStartCount: 1 });
});

test("a call that takes too long loses its environment, and the next call gets a new one", async () => {
  await harness.deploy("slow", COUNTING, { timeoutMs: 300 });
  expect((await harness.invoke("slow")).answer).toBe(1);
  expect(await harness.invoke("slow", { hang: true })).toEqual({
    error: "Unhandled",
    answer: {
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.30 seconds$/),
    },
  });
  expect((await harness.invoke("slow")).answer).toBe(1);
  expect(statsOf("slow")).toMatchObject({ timeoutCount: 1, crashCount: 0, coldStartCount: 2 });
});

test.each([
  ["an exit", { exit: true }, "Runtime.ExitError", "Runtime exited with error: exit status 3"],
  ["an uncaught error", { uncaught: true }, "RangeError", "nobody catches this"],
  [
    "an unhandled rejection",
    { reject: true },
    "Runtime.UnhandledPromiseRejection",
    "Error: nobody awaits this",
  ],
])("%s ends one environment and harms no other call", async (what, event, errorType, reason) => {
  const name = what.replace(/\W/g, "-");
  await harness.deploy(name, COUNTING, { timeoutMs: 30_000 });
  const others = [harness.invoke(name), harness.invoke(name)];
  const crashed = await harness.invoke(name, event);
  expect(crashed.error).toBe("Unhandled");
  expect(crashed.answer).toMatchObject({ errorType, errorMessage: expect.stringContaining(reason) });
  expect((await Promise.all(others)).map(({ error }) => error)).toEqual([undefined, undefined]);
  expect(statsOf(name)).toMatchObject({ crashCount: 1, runningCount: 0 });
  expect((await harness.invoke(name)).error).toBeUndefined();
});

test("a function that runs out of memory ends alone", async () => {
  await harness.deploy(
    "hungry",
    "export const handler = async () => { const all = []; for (;;) all.push(new Array(100_000).fill(0).map(String)); };",
    { memoryMb: 32, timeoutMs: 60_000 },
  );
  expect(await harness.invoke("hungry")).toMatchObject({
    error: "Unhandled",
    answer: { errorType: "Runtime.ExitError" },
  });
});

test.each([
  ["throws while it is loaded", "throw new Error('no table');", "Error"],
  ["throws an error of its own", "throw Object.assign(new Error(), { name: 'SluiceError' });", "SluiceError"],
  ["throws in a timer while it is loaded", `${LATER} await new Promise(() => {});`, "TypeError"],
  [
    "leaves a rejection while it is loaded",
    "Promise.reject(new Error('no table')); await new Promise(() => {});",
    "Runtime.UnhandledPromiseRejection",
  ],
  ["is no JavaScript", "export const handler = ;", "Runtime.UserCodeSyntaxError"],
  [
    "lacks a module",
    "import { createRequire } from 'node:module'; createRequire(import.meta.url)('nowhere');",
    "Runtime.ImportModuleError",
  ],
  ["exports no handler", "export const handle = 1;", "Runtime.HandlerNotFound"],
])("a bundle that %s fails each call", async (_what, source, errorType) => {
  await harness.deploy("broken", source);
  expect(await harness.invoke("broken")).toMatchObject({ error: "Unhandled", answer: { errorType } });
  expect(await harness.invoke("broken")).toMatchObject({ error: "Unhandled", answer: { errorType } });
});

test("an environment runs one call at a time", async () => {
  await harness.deploy(
    "single",
    `let running = 0;
     export const handler = async () => {
       running += 1;
       await new Promise((resolve) => setTimeout(resolve, 20));
       return running--;
     };`,
  );
  const replies = await Promise.all(Array.from({ length: 6 }, () => harness.invoke("single")));
  expect(replies.map(({ answer }) => answer)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(statsOf("single")).toMatchObject({ environmentCount: 6, runningCount: 0, invocationCount: 6 });
});

test("calls beyond the reserved concurrency are throttled", async () => {
  await harness.deploy("reserved", COUNTING, { reservedConcurrency: 1, timeoutMs: 1_000 });
  const first = harness.invoke("reserved", { hang: true });
  await vi.waitFor(() => expect(statsOf("reserved")?.runningCount).toBe(1));
  await expect(harness.invoke("reserved")).rejects.toMatchObject({
    name: "TooManyRequestsException",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    $metadata: { httpStatusCode: 429 },
  });
  await first;
  expect((await harness.invoke("reserved")).answer).toBe(1);
  expect(statsOf("reserved")?.throttleCount).toBe(1);
});

test("payloads over 6 MB are refused on the way in and on the way out", async () => {
  await harness.deploy("large", COUNTING);
  const limit = 6_291_556;
  await expect(harness.invoke("large", "x".repeat(limit - 1))).rejects.toMatchObject({
    name: "RequestTooLargeException",
    $metadata: { httpStatusCode: 413 },
  });
  expect((await harness.invoke("large", "x".repeat(limit - 2))).answer).toBe(1);
  expect((await harness.invoke("large", { fill: limit - 2 })).error).toBeUndefined();
  expect(await harness.invoke("large", { fill: limit - 1 })).toMatchObject({
    error: "Unhandled",
    answer: { errorType: "Function.ResponseSizeTooLarge" },
  });
});

test("an asynchronous call answers at once and runs on", async () => {
  await harness.deploy("async", COUNTING);
  const Payload = JSON.stringify({});
  const command = { FunctionName: "async", InvocationType: "Event", Payload } as const;
  expect((await harness.client.send(new InvokeCommand(command))).StatusCode).toBe(202);
  await vi.waitFor(() => expect(statsOf("async")?.invocationCount).toBe(1));
  const tooLarge = { ...command, Payload: JSON.stringify("x".repeat(1_048_576)) };
  await expect(harness.client.send(new InvokeCommand(tooLarge))).rejects.toThrow(
    "smaller than 1048576 bytes",
  );
});

test("a call whose caller hangs up runs on", async () => {
  await harness.deploy(
    "patient",
    "export const handler = () => new Promise((resolve) => setTimeout(() => { console.log('ran on'); resolve(); }, 300));",
  );
  const hangUp = new AbortController();
  const call = harness.client.send(new InvokeCommand({ FunctionName: "patient" }), {
    abortSignal: hangUp.signal,
  });
  await vi.waitFor(() => expect(statsOf("patient")?.runningCount).toBe(1));
  hangUp.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  await vi.waitFor(() => expect(statsOf("patient")?.invocationCount).toBe(1));
  await vi.waitFor(() => expect(harness.lines).toContain("ran on"));
});

test("an unknown function is not found", async () => {
  await expect(harness.invoke("nobody")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $metadata: { httpStatusCode: 404 },
  });
});

test("killing takes a busy environment first, and an idle one when none is busy", async () => {
  await harness.deploy("victim", COUNTING, { timeoutMs: 30_000 });
  expect(await harness.service.lambda.killOne("victim", 0)).toEqual({ kind: "nothing-to-kill" });
  const hanging = harness.invoke("victim", { hang: true });
  await vi.waitFor(() => expect(statsOf("victim")?.runningCount).toBe(1));
  expect((await harness.invoke("victim")).answer).toBe(1);
  expect(await harness.service.lambda.killOne("victim", 0.99)).toMatchObject({
    kind: "killed",
    wasBusy: true,
  });
  expect((await hanging).answer).toMatchObject({ errorType: "Runtime.ExitError" });
  expect(await harness.service.lambda.killOne("victim", 0)).toMatchObject({ kind: "killed", wasBusy: false });
  expect(statsOf("victim")).toMatchObject({ killCount: 2, crashCount: 0, environmentCount: 0 });
  expect((await harness.invoke("victim")).answer).toBe(1);
});

test("a new version takes over, and calls under way end in the old one", async () => {
  await harness.deploy(
    "versions",
    "export const handler = () => new Promise((resolve) => setTimeout(() => resolve('old'), 300));",
  );
  const old = harness.invoke("versions");
  await vi.waitFor(() => expect(statsOf("versions")?.runningCount).toBe(1));
  await harness.deploy("versions", "export const handler = async () => 'new';");
  expect((await harness.invoke("versions")).answer).toBe("new");
  expect((await old).answer).toBe("old");
});
