import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { findQueues, QueueMissing } from "@sluice/aws/scheduler-queues";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import { namesOf } from "@sluice/core/provider";
import type { AroundSqs } from "@sluice/sim/cloud/sqs";
import { expect, test } from "vitest";
import { openVirtualSqs, pass, type VirtualSqsPlace } from "../support/virtual-sqs.ts";
import { entryOf } from "./queue.conformance.ts";

const ATTRIBUTES = { FifoQueue: "true", DeduplicationScope: "messageGroup", VisibilityTimeout: "30" };

async function openQueue(
  { client }: VirtualSqsPlace,
  QueueName = "records.fifo",
  tags = {},
): Promise<string> {
  const command = new CreateQueueCommand({ QueueName, Attributes: ATTRIBUTES, tags });
  const { QueueUrl = "" } = await client.send(command);
  return QueueUrl;
}

test("a request can be lost, repeated, delayed or fail around the queue, and is told by operation, queue and input", async () => {
  const place = openVirtualSqs();
  const url = await openQueue(place);
  const requests: unknown[] = [];
  let around: AroundSqs = (_request, apply) => apply();
  const client = place.clientThrough((request, apply) => {
    requests.push(request);
    return around(request, apply);
  });
  const queue = createSqsQueue(client, url);
  const down = Object.assign(new Error("down"), {
    name: "ServiceUnavailable",
    $metadata: { httpStatusCode: 503 },
  });

  around = async () => {
    throw down;
  };
  await expect(queue.send([entryOf("lost")])).rejects.toBeInstanceOf(Unreachable);
  expect(place.sqs.queues.at(url).contents.size()).toBe(0);

  around = async (_request, apply) => {
    await apply();
    throw down;
  };
  await expect(queue.send([entryOf("answer-lost")])).rejects.toBeInstanceOf(Unreachable);
  expect(place.sqs.queues.at(url).contents.size()).toBe(1);

  around = async (_request, apply) => {
    await apply();
    return apply();
  };
  expect(await queue.send([entryOf("twice")])).toEqual([]);
  expect(place.sqs.queues.at(url).contents.size()).toBe(2);

  around = async (_request, apply) => {
    await place.clock.sleep(5_000);
    return apply();
  };
  const delayed = queue.send([entryOf("late")]);
  await pass(place.clock, 4_999);
  expect(place.sqs.queues.at(url).contents.size()).toBe(2);
  await pass(place.clock, 1);
  expect(await delayed).toEqual([]);
  expect(requests).toEqual(
    ["lost", "answer-lost", "twice", "late"].map((recordId) => ({
      operation: "SendMessageBatch",
      queueUrl: url,
      input: {
        QueueUrl: url,
        Entries: [expect.objectContaining({ Id: "0", MessageGroupId: entryOf(recordId).groupId })],
      },
    })),
  );
});

test("a request that is given up rejects at once, as the SDK's does, and takes no message any more", async () => {
  const place = openVirtualSqs();
  const url = await openQueue(place);
  const given = new AbortController();
  const command = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 });
  const waiting = place.client.send(command, { abortSignal: given.signal });
  const refusal = expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  given.abort();
  await refusal;
  await createSqsQueue(place.client, url).send([entryOf("a")]);
  expect(place.sqs.queues.at(url).contents.depth()).toEqual({ visibleCount: 1, inFlightCount: 0 });
  await expect(place.client.send(command, { abortSignal: given.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

test("a mapping reads the queue that the client fills, and knows its handles", async () => {
  const place = openVirtualSqs();
  const url = await openQueue(place);
  const { mappingQueue } = place.sqs.queues.at(url);
  const received = mappingQueue.receive(10);
  const entry = { ...entryOf("a"), attributes: { SluiceCause: "{}" } };
  await createSqsQueue(place.client, url).send([entry, entryOf("b")]);
  const [first, second] = await received;
  expect(first).toMatchObject({
    body: entry.body,
    md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
    attributes: { MessageGroupId: "a", ApproximateReceiveCount: "1" },
    messageAttributes: { SluiceCause: { dataType: "String", stringValue: "{}" } },
  });
  expect(second).toMatchObject({ body: entryOf("b").body, messageAttributes: {} });
  const receiptHandle = first?.receiptHandle ?? "";
  await createSqsQueue(place.client, url).changeVisibility([{ receiptHandle, delayMs: 0 }]);
  expect(await mappingQueue.deleteMessages([receiptHandle])).toEqual([receiptHandle]);
  const again = await mappingQueue.receive(10);
  expect(again.map(({ body }) => body)).toEqual([entry.body]);
  const handles = [again[0]?.receiptHandle ?? "", second?.receiptHandle ?? ""];
  expect(await mappingQueue.deleteMessages(handles)).toEqual([]);
  expect(place.sqs.queues.at(url).contents.size()).toBe(0);
});

test("a scheduler finds the queues of a provider, or learns that there are none", async () => {
  const place = openVirtualSqs();
  await expect(findQueues(place.client, "demo", "production")).rejects.toBeInstanceOf(QueueMissing);
  const { records, express } = namesOf("production", "demo").queues;
  await openQueue(place, records);
  await openQueue(place, express);
  const queues = await findQueues(place.client, "demo", "production");
  await queues.express.send([entryOf("a")]);
  expect(place.sqs.queues.named(express).contents.size()).toBe(1);
});

test("an operation that the virtual SQS does not know is refused", async () => {
  class PurgeQueueCommand {
    readonly input = {};
  }
  const { client } = openVirtualSqs();
  const send = client.send.bind(client) as (command: object) => Promise<unknown>;
  await expect(send(new PurgeQueueCommand())).rejects.toMatchObject({ name: "InvalidAction" });
});

test("a batch is answered with the metadata that the SDK's answers have", async () => {
  const place = openVirtualSqs();
  const entry = { Id: "0", MessageBody: "a", MessageGroupId: "g", MessageDeduplicationId: "d" };
  const command = new SendMessageBatchCommand({ QueueUrl: await openQueue(place), Entries: [entry] });
  expect(await place.client.send(command)).toMatchObject({
    $metadata: { httpStatusCode: 200 },
    Successful: [{ Id: "0", MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" }],
    Failed: [],
  });
});
