import { text } from "node:stream/consumers";
import { startRawServer } from "@sluice/testing/raw-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { providerVariable } from "./fakes/worker-harness.ts";

const QUEUES = "http://127.0.0.1:9/000000000000";
const VARIABLES = {
  SLUICE_PROVIDER: providerVariable({ slowAfterMs: 50, timeoutMs: 100 }),
  SLUICE_TABLE: "table",
  SLUICE_EVENT_BUS: "default",
  SLUICE_METRICS: "all",
  SLUICE_ENVIRONMENT: "test",
  SLUICE_MODE: "governed",
  SLUICE_WORKER: "worker",
  SLUICE_VENTILATOR: "ventilator",
  SLUICE_RECORDS_QUEUE_URL: `${QUEUES}/records.fifo`,
  SLUICE_RECORDS_QUEUE_ARN: "arn:aws:sqs:us-east-1:000000000000:records.fifo",
  SLUICE_EXPRESS_QUEUE_URL: `${QUEUES}/express.fifo`,
  SLUICE_EXPRESS_QUEUE_ARN: "arn:aws:sqs:us-east-1:000000000000:express.fifo",
  SLUICE_DEAD_LETTER_QUEUE_URL: `${QUEUES}/dead-letter.fifo`,
};

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("loads with the environment that its deployment gives it, and refuses what is no batch", async () => {
  const { handler } = await import("./ventilator.ts");
  const context = { getRemainingTimeInMillis: () => 30_000 };
  await expect(handler({ source: "aws.events" }, context)).rejects.toThrow("Records");
});

test.each([
  ["express.fifo", "express.fifo", true],
  ["records.fifo", "records.fifo", false],
  ["of a name that only ends like it: my-express.fifo", "records.fifo", false],
  ["of a name that is only its end: press.fifo", "records.fifo", false],
])("a batch of queue %s is handed back to %s", async (name, handedBackTo, isUrgent) => {
  const asked: string[] = [];
  const sqs = await startRawServer(async (response, request) => {
    asked.push(JSON.parse(await text(request)).QueueUrl);
    const counts = { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0" };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ Attributes: counts }));
  });
  vi.stubEnv("AWS_ENDPOINT_URL_SQS", sqs.url);
  vi.stubEnv("SLUICE_RECORDS_QUEUE_URL", `${sqs.url}/000000000000/records.fifo`);
  vi.stubEnv("SLUICE_EXPRESS_QUEUE_URL", `${sqs.url}/000000000000/express.fifo`);
  const ventilate = vi.fn(async () => []);
  vi.doMock("@sluice/core/ventilator", () => ({ ventilate }));
  const { handler } = await import("./ventilator.ts");
  vi.doUnmock("@sluice/core/ventilator");
  const record = {
    messageId: "a",
    receiptHandle: "a",
    body: "{}",
    attributes: { ApproximateReceiveCount: "1" },
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${name.split(" ").at(-1)}`,
  };
  await handler({ Records: [record] }, { getRemainingTimeInMillis: () => 30_000 });
  expect(ventilate).toHaveBeenCalledWith(expect.objectContaining({ isUrgent }), expect.anything());
  const [[batch]] = ventilate.mock.calls as unknown as [[{ queue: { depth(): Promise<unknown> } }]];
  await batch.queue.depth();
  expect(asked).toEqual([`${sqs.url}/000000000000/${handedBackTo}`]);
  await sqs.stop();
});

test.each(Object.keys(VARIABLES))("refuses to load without %s, and names it", async (name) => {
  vi.stubEnv(name, undefined);
  await expect(import("./ventilator.ts")).rejects.toMatchObject({
    code: "environment-invalid",
    message: expect.stringContaining(name),
  });
});

test.each(["SLUICE_RECORDS_QUEUE_URL", "SLUICE_EXPRESS_QUEUE_URL", "SLUICE_DEAD_LETTER_QUEUE_URL"])(
  "refuses to load with a %s that is no URL, and names it",
  async (name) => {
    vi.stubEnv(name, "records.fifo");
    await expect(import("./ventilator.ts")).rejects.toThrow(name);
  },
);

test("refuses to load in a mode that it does not know", async () => {
  vi.stubEnv("SLUICE_MODE", "observed");
  await expect(import("./ventilator.ts")).rejects.toThrow(/"governed"\|"attended"[\s\S]*SLUICE_MODE/);
});

test("names all that is missing at once", async () => {
  vi.stubEnv("SLUICE_TABLE", undefined);
  vi.stubEnv("SLUICE_WORKER", undefined);
  await expect(import("./ventilator.ts")).rejects.toThrow(/SLUICE_TABLE[\s\S]*SLUICE_WORKER/);
});
