import { CreateEventSourceMappingCommand, GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { lambdaVariables } from "@sluice/testing/lambda-variables";
import { startRawServer } from "@sluice/testing/raw-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

const LONG_MS = 30_000;
const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:records.fifo";
const ALL = { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "b" }] };

let harness: LambdaHarness;
beforeAll(async () => {
  harness = await startLambdaHarness();
});
afterAll(() => harness.stop());

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  pointAt(harness.service.endpoint);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function pointAt(endpoint: string): void {
  for (const [name, value] of Object.entries(lambdaVariables(endpoint))) vi.stubEnv(name, value);
}

/** The part of Lambda's SQS event that matters here, and a field that does not. */
function eventOf(queueArn: string, messageIds: readonly string[] = ["a", "b"]) {
  return {
    Records: messageIds.map((messageId) => ({
      messageId,
      eventSourceARN: queueArn,
      body: `body of ${messageId}`,
    })),
  };
}

async function relay(
  event: unknown,
  { ventilator = "ventilator", relayName = "relay", leftMs = LONG_MS } = {},
) {
  vi.stubEnv("SLUICE_VENTILATOR", ventilator);
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", relayName);
  const { handler } = await import("./relay.ts");
  return handler(event, { getRemainingTimeInMillis: () => leftMs });
}

/** A mapping from a new queue to a function of this name, enabled. */
async function mapQueueTo(name: string) {
  await harness.deploy(name, "export const handler = async () => null;");
  const { arn: queueArn } = await harness.createQueue(`${name}.fifo`);
  const { UUID } = await harness.client.send(
    new CreateEventSourceMappingCommand({ EventSourceArn: queueArn, FunctionName: name }),
  );
  const state = async () => (await harness.client.send(new GetEventSourceMappingCommand({ UUID }))).State;
  await expect.poll(state).toBe("Enabled");
  return { queueArn, state };
}

/** A ventilator that answers everything with this, as JSON. */
async function ventilatorAnswering(name: string, answer: string): Promise<string> {
  await harness.deploy(name, `export const handler = async () => (${answer});`);
  return name;
}

test("hands the batch on as it came, and the ventilator's own answer back", async () => {
  const source = `export const handler = async (event) => {
    console.log("relayed " + JSON.stringify(event));
    return { batchItemFailures: [{ itemIdentifier: event.Records[1].messageId }] };
  };`;
  await harness.deploy("own", source);
  const { queueArn, state } = await mapQueueTo("relay-own");
  const event = eventOf(queueArn);
  const response = await relay(event, { ventilator: "own", relayName: "relay-own" });
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
  const relayed = harness.lines.filter((line) => line.startsWith("relayed "));
  expect(relayed.map((line) => JSON.parse(line.slice(8)))).toEqual([event]);
  expect(await state()).toBe("Enabled");
});

test("an empty list is the ventilator's own answer: all went well", async () => {
  const ventilator = await ventilatorAnswering("content", "{ batchItemFailures: [] }");
  expect(await relay(eventOf(QUEUE_ARN), { ventilator })).toEqual({ batchItemFailures: [] });
});

test.each([
  ["the stub's answer", `{ statusCode: "500", body: "sst dev is not running (worker: ${"0".repeat(32)})" }`],
  ["nothing", "undefined"],
  ["null", "null"],
  ["an empty object", "{}"],
  ["a null list", "{ batchItemFailures: null }"],
  ["text", '"ok"'],
  ["an empty id", '{ batchItemFailures: [{ itemIdentifier: "" }] }'],
  ["a message of another batch", '{ batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "c" }] }'],
  ["a list and more", '{ batchItemFailures: [], statusCode: "500" }'],
])("%s is not the ventilator's: all is handed back, and the mapping shut", async (what, answer) => {
  const name = what.replaceAll(/\W/g, "-");
  const ventilator = await ventilatorAnswering(`foreign-${name}`, answer);
  const { queueArn, state } = await mapQueueTo(`relay-${name}`);
  expect(await relay(eventOf(queueArn), { ventilator, relayName: `relay-${name}` })).toEqual(ALL);
  await expect.poll(state).toBe("Disabled");
});

describe("a ventilator that gives no answer: all is handed back, and the mapping stays as it is,", () => {
  test.each([
    ["when it throws", "export const handler = async () => { throw new Error('at a breakpoint'); };"],
    [
      "when it times out",
      "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));",
    ],
    ["when it exits", "export const handler = async () => process.exit(1);"],
  ])("%s", async (what, source) => {
    const name = what.replaceAll(" ", "-");
    await harness.deploy(name, source, { timeoutMs: 300 });
    const { queueArn, state } = await mapQueueTo(`relay-${name}`);
    expect(await relay(eventOf(queueArn), { ventilator: name, relayName: `relay-${name}` })).toEqual(ALL);
    expect(await state()).toBe("Enabled");
    expect(harness.service.lambda.stats().get(name)?.invocationCount).toBe(1);
  });

  test("when it is throttled", async () => {
    const source = "export const handler = async () => ({ batchItemFailures: [] });";
    await harness.deploy("throttled", source, { reservedConcurrency: 0 });
    const { queueArn, state } = await mapQueueTo("relay-throttled");
    const response = await relay(eventOf(queueArn), {
      ventilator: "throttled",
      relayName: "relay-throttled",
    });
    expect(response).toEqual(ALL);
    expect(await state()).toBe("Enabled");
  });

  test("when it does not exist", async () => {
    expect(await relay(eventOf(QUEUE_ARN), { ventilator: "nobody" })).toEqual(ALL);
  });

  test("when the relay's own time runs out, a second before its end", async () => {
    const lambda = await startRawServer(() => {});
    pointAt(lambda.url);
    const startedAtMs = performance.now();
    expect(await relay(eventOf(QUEUE_ARN), { leftMs: 3_500 })).toEqual(ALL);
    const tookMs = performance.now() - startedAtMs;
    expect(tookMs).toBeGreaterThan(2_400);
    expect(tookMs).toBeLessThan(3_500);
    expect(lambda.paths).toHaveLength(1);
    await lambda.stop();
  });

  test("when there is no time left at all", async () => {
    expect(await relay(eventOf(QUEUE_ARN), { leftMs: 0 })).toEqual(ALL);
  });
});

test("a mapping that can't be shut changes nothing about the answer", async () => {
  const lambda = await startRawServer((response, request) => {
    if (request.url?.endsWith("/invocations")) response.end("{}");
    else response.writeHead(500).end();
  });
  pointAt(lambda.url);
  expect(await relay(eventOf(QUEUE_ARN))).toEqual(ALL);
  expect(lambda.paths.filter((path) => path.includes("event-source-mappings"))).not.toEqual([]);
  await lambda.stop();
});

test.each<[what: string, event: unknown]>([
  ["nothing", undefined],
  ["an event of another kind", { source: "aws.events" }],
  ["an empty batch", { Records: [] }],
  ["a record without an id", { Records: [{ eventSourceARN: QUEUE_ARN }] }],
  ["a record of no queue", { Records: [{ messageId: "a" }] }],
])("throws on %s, so that the whole batch comes again", async (_, event) => {
  await expect(relay(event)).rejects.toMatchObject({ name: "ZodError" });
});

test.each(["SLUICE_VENTILATOR", "AWS_LAMBDA_FUNCTION_NAME"])("refuses to load without %s", async (name) => {
  vi.stubEnv("SLUICE_VENTILATOR", "ventilator");
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "relay");
  vi.stubEnv(name, undefined);
  await expect(import("./relay.ts")).rejects.toMatchObject({
    code: "environment-invalid",
    message: expect.stringContaining(name),
  });
});
