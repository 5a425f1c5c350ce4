import type { SQSClient } from "@aws-sdk/client-sqs";
import { namesOf } from "@sluice/core/provider";
import { createSqsClientFor, type Emulator, startSqs } from "@sluice/local/cloud";
import { demoProvider } from "@sluice/testing/demo-provider";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueues, startTables, takeAll } from "./provider-queues.ts";

const REGION = "eu-central-1";
const { records: recordsQueue, express: expressQueue } = namesOf("staging", "demo").queues;

let server: Emulator;
let tables: Emulator;
let client: SQSClient;
beforeEach(async () => {
  server = await startSqs();
  tables = await startTables("sluice-staging-demo");
  client = createSqsClientFor(server.url, REGION);
  await createQueues(client, demoProvider(), "staging");
  const variables = {
    PROVIDER: "demo",
    ENVIRONMENT: "staging",
    TIME_ZONE: "Europe/Zurich",
    AWS_ENDPOINT_URL_SQS: server.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  // The handlers read all this when they are loaded, as in a new execution environment.
  vi.resetModules();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  client.destroy();
  await server.stop();
  await tables.stop();
});

/** 01:00 in Zurich, still the day before in UTC. */
const SCHEDULED_AT = "2026-07-21T23:00:00Z";

test("the nightly run enqueues every record once, though it is called again", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const { handler } = await import("../../examples/scheduler-service/src/nightly.ts");
  await handler({ scheduledAt: SCHEDULED_AT });
  await handler({ scheduledAt: SCHEDULED_AT });

  const sent = await takeAll(client, recordsQueue);
  expect(sent).toHaveLength(100);
  expect(new Set(sent.map(({ recordId }) => recordId)).size).toBe(100);
  expect(new Set(sent.map(({ runId }) => runId))).toEqual(new Set(["2026-07-22"]));
  expect(log).toHaveBeenCalledWith("Run 2026-07-22: 100 enqueued", { rejected: [] });
});

test("the next night is another run", async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  const { handler } = await import("../../examples/scheduler-service/src/nightly.ts");
  await handler({ scheduledAt: SCHEDULED_AT });
  await handler({ scheduledAt: "2026-07-22T23:00:00Z" });
  expect(await takeAll(client, recordsQueue)).toHaveLength(200);
});

test("records on demand take the express lane, and a repeated call enqueues them once", async () => {
  const { handler } = await import("../../examples/scheduler-service/src/on-demand.ts");
  const call = () => handler({ recordIds: ["a", "b", ""] }, { awsRequestId: "call-1" });
  const enqueued = { accepted: 2, rejected: [{ id: "", reason: "the id is empty" }] };
  expect(await call()).toEqual(enqueued);
  expect(await call()).toEqual(enqueued);
  const sent = await takeAll(client, expressQueue);
  expect(sent.map(({ recordId }) => recordId).toSorted()).toEqual(["a", "b"]);
  expect(await takeAll(client, recordsQueue)).toEqual([]);
});

test.each([{}, { recordIds: [] }, { recordIds: "a" }, { recordIds: [1] }])(
  "a call on demand with %j is refused",
  async (event) => {
    const { handler } = await import("../../examples/scheduler-service/src/on-demand.ts");
    await expect(handler(event, { awsRequestId: "call-1" })).rejects.toThrow("recordIds");
  },
);
