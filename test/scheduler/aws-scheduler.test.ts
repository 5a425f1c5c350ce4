import { CreateQueueCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { createScheduler } from "@sluice/aws/scheduler";
import { QueueMissing } from "@sluice/aws/scheduler-queues";
import { Unreachable } from "@sluice/core/errors";
import { namesOf } from "@sluice/core/provider";
import { createSqsClientFor, type Emulator, startSqs } from "@sluice/local/cloud";
import { demoProvider } from "@sluice/testing/demo-provider";
import { answerWith, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { createQueues, startTables, takeAll } from "./provider-queues.ts";

const REGION = "eu-central-1";
const FIFO = { FifoQueue: "true" };
const { records: recordsQueue, express: expressQueue } = namesOf("production", "demo").queues;

let server: Emulator;
let tables: Emulator;
let client: SQSClient;
beforeEach(async () => {
  server = await startSqs();
  tables = await startTables("sluice-production-demo", "sluice-staging-acme");
  client = createSqsClientFor(server.url, REGION);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await server.stop();
  await tables.stop();
});

const recordIdsIn = async (queueName: string) =>
  (await takeAll(client, queueName)).map(({ recordId }) => recordId).toSorted();

test("a provider and an environment are enough to find both lanes, among those of others", async () => {
  for (const environment of ["production", "staging"]) {
    await createQueues(client, demoProvider(), environment);
    await createQueues(client, demoProvider({ id: "acme" }), environment);
  }
  const scheduler = await createScheduler({ provider: "acme", environment: "staging", client });
  const { runId, accepted } = await scheduler.enqueue(["a", "b"], { runId: "2026-11-21" });
  await scheduler.enqueue(["c"], { lane: "express" });

  expect({ runId, accepted }).toEqual({ runId: "2026-11-21", accepted: 2 });
  const staging = namesOf("staging", "acme");
  expect(await recordIdsIn(staging.queues.records)).toEqual(["a", "b"]);
  expect(await recordIdsIn(staging.queues.express)).toEqual(["c"]);
  for (const names of [namesOf("staging", "demo"), namesOf("production", "acme")]) {
    expect(await recordIdsIn(names.queues.records)).toEqual([]);
  }
});

test("without an environment it is production, and without a client the environment's variables count", async () => {
  await createQueues(client, demoProvider(), "production");
  vi.stubEnv("AWS_ENDPOINT_URL_SQS", server.url);
  vi.stubEnv("AWS_REGION", REGION);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "local");
  const scheduler = await createScheduler({ provider: "demo" });
  await scheduler.enqueue(["a"]);
  expect(await recordIdsIn(recordsQueue)).toEqual(["a"]);
});

test("a client of the caller's own decides on the region", async () => {
  await createQueues(client, demoProvider(), "production");
  const elsewhere = createSqsClientFor(server.url, "us-west-2");
  await expect(createScheduler({ provider: "demo", client: elsewhere })).rejects.toThrow("in us-west-2");
  elsewhere.destroy();
});

test("it needs no more of SQS than two actions, and asks for the queues only once", async () => {
  await createQueues(client, demoProvider(), "production");
  const commands: string[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        commands.push(commandName ?? "");
        return next(call);
      },
    { step: "initialize" },
  );
  const scheduler = await createScheduler({ provider: "demo", client });
  await scheduler.enqueue(["a"]);
  await scheduler.enqueue(["b"], { lane: "express" });
  const sends = ["SendMessageBatchCommand", "SendMessageBatchCommand"];
  const finds = ["GetQueueUrlCommand", "GetQueueUrlCommand"];
  expect(commands.toSorted()).toEqual([...finds, ...sends]);
});

test.each([1, 2])(
  "where %i at once is allowed, each record is its own message group",
  async (maxConcurrency) => {
    await createQueues(client, demoProvider({ maxConcurrency }), "production");
    const scheduler = await createScheduler({ provider: "demo", client });
    await scheduler.enqueue(["a", "b", "c"]);
    const groupIds = (await takeAll(client, recordsQueue)).map(({ groupId }) => groupId);
    expect(groupIds.toSorted()).toEqual(["a", "b", "c"]);
  },
);

test("a provider that is not deployed is a missing queue, and the message says where it was looked for", async () => {
  const attempt = createScheduler({ provider: "demo", environment: "staging", client });
  await expect(attempt).rejects.toBeInstanceOf(QueueMissing);
  await expect(attempt).rejects.toMatchObject({
    code: "queue-missing",
    message: [
      "There is no queue sluice-staging-demo-records.fifo in eu-central-1 that these credentials may see.",
      "Check that provider demo is deployed to environment staging in this region and account,",
      "and that the caller's role has the policy sluice-staging-demo-scheduler",
    ].join(" "),
  });
});

test("one lane is not enough", async () => {
  await client.send(new CreateQueueCommand({ QueueName: recordsQueue, Attributes: FIFO }));
  const attempt = createScheduler({ provider: "demo", client });
  await expect(attempt).rejects.toThrow(`There is no queue ${expressQueue} in eu-central-1`);
});

/** As SQS answers; its newer protocol tells the older one's name of an error in a header. */
const DENIED = JSON.stringify({
  __type: "com.amazon.coral.service#AccessDeniedException",
  message: "User: me is not authorized to perform this",
});

test.each([
  ["in the newer protocol", 400, { "x-amzn-query-error": "AccessDenied;Sender" }],
  ["without the older name", 403, {}],
])("what the caller may not use is told apart from what is missing, %s", async (_, status, headers) => {
  const denying = await startRawServer(answerWith(status, DENIED, headers));
  await expectDenied(denying);
});

async function expectDenied(denying: RawServer): Promise<void> {
  const denied = createSqsClientFor(denying.url, REGION);
  await expect(createScheduler({ provider: "demo", client: denied })).rejects.toMatchObject({
    code: "queue-missing",
    message: [
      `The caller may not use queue ${recordsQueue} in eu-central-1: User: me is not authorized to perform this.`,
      "Attach the policy sluice-production-demo-scheduler to the caller's role:",
      "deploying provider demo to environment production creates it",
    ].join(" "),
  });
  denied.destroy();
  await denying.stop();
}

test("an SQS that does not answer is unreachable, not without the queue", async () => {
  const nobody = createSqsClientFor(await closedPort(), REGION);
  await expect(createScheduler({ provider: "demo", client: nobody })).rejects.toBeInstanceOf(Unreachable);
  nobody.destroy();
});

test("an abort ends a run whose requests SQS takes and never answers, and hangs up on them", async () => {
  const sent = Promise.withResolvers<void>();
  const hungUp = Promise.withResolvers<void>();
  const silent = await startRawServer((response, request) => {
    const isSend = String(request.headers["x-amz-target"]).endsWith("SendMessageBatch");
    if (!isSend) return void response.end(JSON.stringify({ QueueUrl: `${silent.url}/queue` }));
    response.once("close", hungUp.resolve);
    sent.resolve();
  });
  const asking = createSqsClientFor(silent.url, REGION);
  const scheduler = await createScheduler({ provider: "demo", client: asking });
  const abort = new AbortController();
  const run = scheduler.enqueue(["a"], { signal: abort.signal });
  await sent.promise;
  abort.abort(new Error("enough"));
  await expect(run).rejects.toMatchObject({ cause: new Error("enough"), result: { accepted: 0 } });
  await hungUp.promise;
  asking.destroy();
  await silent.stop();
});

test.each([
  ["environment", { provider: "demo", environment: "Pre-Prod" }, 'received "Pre-Prod"'],
  ["environment", { provider: "demo", environment: "" }, 'received ""'],
  ["provider's id", { provider: "Acme Inc" }, 'received "Acme Inc"'],
  ["provider's id", { provider: "" }, 'received ""'],
])("an impossible %s is refused before SQS is asked: %j", async (what, options, received) => {
  const untouched = await startRawServer(answerWith(500, ""));
  const asking = createSqsClientFor(untouched.url, REGION);
  const attempt = createScheduler({ ...options, client: asking });
  await expect(attempt).rejects.toMatchObject({ code: "name-invalid" });
  await expect(attempt).rejects.toThrow(`The ${what} must be 1 to`);
  await expect(attempt).rejects.toThrow(received);
  expect(untouched.paths).toEqual([]);
  asking.destroy();
  await untouched.stop();
});
