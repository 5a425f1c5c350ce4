import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { beyondModel } from "@sluice/testing/check-requests";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const SHORT_MS = 50;
/** Longer than a request takes on a busy machine. */
const SEEN_MS = 2_000;

let harness: LambdaHarness;
let transitionMs = SHORT_MS;
beforeAll(async () => {
  harness = await startLambdaHarness(() => transitionMs);
  await harness.deploy("ok", "export const handler = async () => null;");
});
afterAll(() => harness.stop());

const HELD_MS = { timeout: 15_000 };

function createQueue(name: string, visibilitySeconds = 10) {
  return harness.createQueue(`${name}.fifo`, { VisibilityTimeout: String(visibilitySeconds) });
}

const create = (input: CreateEventSourceMappingCommandInput) =>
  harness.client.send(new CreateEventSourceMappingCommand(input));

const update = (input: UpdateEventSourceMappingCommandInput) =>
  harness.client.send(new UpdateEventSourceMappingCommand(input));

const get = (UUID: string | undefined) => harness.client.send(new GetEventSourceMappingCommand({ UUID }));

const reaches = (uuid: string | undefined, state: string) =>
  vi.waitFor(async () => expect((await get(uuid)).State).toBe(state), HELD_MS);

const isRefused = (call: Promise<unknown>, name: string, httpStatusCode: number) =>
  expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });

test("messages flow through a mapping; those reported as failed come back, the others are deleted", async () => {
  const queue = await createQueue("flow", 5);
  await harness.deploy(
    "flow",
    `export const handler = async ({ Records }) => {
      for (const record of Records) console.log("flow " + JSON.stringify(record));
      const failed = Records.filter((r) => r.body === "b" && r.attributes.ApproximateReceiveCount === "1");
      return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
    };`,
    { timeoutMs: 5_000 },
  );
  await harness.send(queue.url, ["a", "b", "c"]);
  const { UUID: uuid = "" } = await create({
    EventSourceArn: queue.arn,
    FunctionName: "flow",
    BatchSize: 5,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
  });
  const records = () =>
    harness.lines.filter((line) => line.startsWith("flow ")).map((line) => JSON.parse(line.slice(5)));
  await vi.waitFor(
    () =>
      expect(
        records()
          .map(({ body }) => body)
          .toSorted(),
      ).toEqual(["a", "b", "b", "c"]),
    HELD_MS,
  );
  expect(records()[0]).toMatchObject({
    messageId: expect.any(String),
    receiptHandle: expect.any(String),
    md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
    attributes: { MessageGroupId: expect.any(String), SentTimestamp: expect.any(String) },
    messageAttributes: { run: { stringValue: "r1", dataType: "String", stringListValues: [] } },
    eventSource: "aws:sqs",
    eventSourceARN: queue.arn,
    awsRegion: "us-east-1",
  });
  const mapping = harness.service.mappings.find(uuid);
  await vi.waitFor(() => expect(mapping?.stats().messagesDeleted).toBe(3), HELD_MS);
  expect(harness.queues.sqs.queues.named("flow.fifo").contents.size()).toBe(0);
});

test("a mapping is described as AWS does", async () => {
  const { arn: queueArn } = await createQueue("described");
  const beforeMs = Date.now();
  const created = await create({
    EventSourceArn: queueArn,
    FunctionName: "ok",
    ScalingConfig: { MaximumConcurrency: 7 },
  });
  expect(created).toMatchObject({
    UUID: expect.any(String),
    EventSourceArn: queueArn,
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:ok",
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${created.UUID}`,
    State: "Creating",
    StateTransitionReason: "USER_INITIATED",
    BatchSize: 10,
    ScalingConfig: { MaximumConcurrency: 7 },
    $metadata: { httpStatusCode: 202 },
  });
  expect(created.LastModified?.getTime()).toBeGreaterThanOrEqual(beforeMs);
  await reaches(created.UUID, "Enabled");
  const listed = await harness.client.send(new ListEventSourceMappingsCommand({ EventSourceArn: queueArn }));
  expect(listed.EventSourceMappings?.map(({ UUID }) => UUID)).toEqual([created.UUID]);
});

test("an update is refused while the one before is being applied; an empty ScalingConfig clears the maximum", async () => {
  const { arn: EventSourceArn } = await createQueue("updated");
  const { UUID } = await create({ EventSourceArn, FunctionName: "ok", Enabled: false });
  transitionMs = SEEN_MS;
  expect((await update({ UUID, Enabled: true, ScalingConfig: { MaximumConcurrency: 4 } })).State).toBe(
    "Enabling",
  );
  await isRefused(update({ UUID, BatchSize: 2 }), "ResourceInUseException", 400);
  transitionMs = SHORT_MS;
  await reaches(UUID, "Enabled");
  expect((await update({ UUID, BatchSize: 2 })).ScalingConfig).toEqual({ MaximumConcurrency: 4 });
  await reaches(UUID, "Enabled");
  expect((await update({ UUID, ScalingConfig: {} })).ScalingConfig).toBeUndefined();
  await reaches(UUID, "Enabled");
  expect((await update({ UUID, Enabled: false })).State).toBe("Disabling");
  await reaches(UUID, "Disabled");
});

/** The same calls, with input that AWS's model of them rules out. */
const beyondTheModel = {
  create: (input: CreateEventSourceMappingCommandInput) => beyondModel(() => create(input)),
  update: (input: UpdateEventSourceMappingCommandInput) => beyondModel(() => update(input)),
  get: (uuid: string) => beyondModel(() => get(uuid)),
};

test("calls that AWS would refuse are refused with its names", async () => {
  const { arn: EventSourceArn } = await createQueue("refused");
  const mapped = { EventSourceArn, FunctionName: "ok", Enabled: false };
  const { UUID } = await create(mapped);
  const invalid = "InvalidParameterValueException";
  await isRefused(create(mapped), "ResourceConflictException", 409);
  await isRefused(create({ ...mapped, FunctionName: "nobody" }), invalid, 400);
  await isRefused(create({ ...mapped, EventSourceArn: `${EventSourceArn}x` }), invalid, 400);
  const { create: createAny, update: updateAny, get: getAny } = beyondTheModel;
  await isRefused(createAny({ ...mapped, EventSourceArn: "arn:aws:kinesis:a:b:c" }), invalid, 400);
  await isRefused(update({ UUID, BatchSize: 11 }), invalid, 400);
  await isRefused(updateAny({ UUID, ScalingConfig: { MaximumConcurrency: 1 } }), "ValidationException", 400);
  await isRefused(update({ UUID, MaximumBatchingWindowInSeconds: 5 }), invalid, 400);
  await isRefused(update({ UUID, FilterCriteria: { Filters: [] } }), invalid, 400);
  await isRefused(updateAny({ UUID: "nobody", BatchSize: 1 }), "ResourceNotFoundException", 404);
  await isRefused(getAny("nobody"), "ResourceNotFoundException", 404);
});

test("a function may not outlive the queue's visibility timeout", async () => {
  const { arn: queueArn } = await createQueue("short", 5);
  await expect(create({ EventSourceArn: queueArn, FunctionName: "ok" })).rejects.toThrow(
    "Queue visibility timeout: 5 seconds is less than Function timeout: 10 seconds",
  );
});

test("a deleted mapping is gone, and its pair is free again", async () => {
  const { arn: EventSourceArn } = await createQueue("deleted");
  const { UUID } = await create({ EventSourceArn, FunctionName: "ok", Enabled: false });
  const deleted = await harness.client.send(new DeleteEventSourceMappingCommand({ UUID }));
  expect(deleted.State).toBe("Deleting");
  await vi.waitFor(() => isRefused(get(UUID), "ResourceNotFoundException", 404));
  expect((await create({ EventSourceArn, FunctionName: "ok", Enabled: false })).State).toBe("Disabled");
});

test("messages of one group are worked on one after the other, those of others meanwhile", async () => {
  const queue = await createQueue("groups");
  await harness.deploy(
    "groups",
    `export const handler = async ({ Records }) => {
      const group = Records[0].attributes.MessageGroupId;
      console.log("groups " + JSON.stringify({ group, event: "start" }));
      await new Promise((resolve) => setTimeout(resolve, 150));
      console.log("groups " + JSON.stringify({ group, event: "end" }));
    };`,
  );
  for (const [index, groupId] of ["one", "one", "one", "two", "two", "two"].entries()) {
    const { contents } = harness.queues.sqs.queues.named("groups.fifo");
    contents.send({ groupId, deduplicationId: String(index), body: "body" });
  }
  await create({ EventSourceArn: queue.arn, FunctionName: "groups", BatchSize: 1 });
  const events = (): { group: string; event: string }[] =>
    harness.lines.filter((line) => line.startsWith("groups ")).map((line) => JSON.parse(line.slice(7)));
  await vi.waitFor(() => expect(events()).toHaveLength(12), HELD_MS);
  for (const group of ["one", "two"]) {
    const own = events().flatMap((each) => (each.group === group ? [each.event] : []));
    expect(own).toEqual(["start", "end", "start", "end", "start", "end"]);
  }
});
