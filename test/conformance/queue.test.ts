import { json } from "node:stream/consumers";
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { createBrowsableSqsQueue } from "@sluice/aws/browsable-sqs-queue";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import type { QueueEntry } from "@sluice/core/ports";
import { createQueue, createSqsClientFor, type Emulator, startSqs } from "@sluice/local/cloud";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { answerWith, startRawServer } from "@sluice/testing/raw-server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { openVirtualSqs } from "../support/virtual-sqs.ts";
import { describeQueue, entryOf } from "./queue.conformance.ts";

describeQueue("in memory", async () => ({
  async open() {
    const queue = createMemoryQueue();
    return { queue, contents: async () => queue.entries };
  },
  async openUnreachable() {
    const queue = createMemoryQueue();
    queue.failNext(1);
    return queue;
  },
  stop: async () => {},
}));

const REGION = "us-east-1";
let opened = 0;

/** An empty queue whose messages stay hidden for half a minute. */
async function openOn(client: SQSClient) {
  opened += 1;
  const plan = { name: `queue-${opened}.fifo`, visibilityTimeoutMs: 30_000, retentionMs: 3_600_000 };
  const { url } = await createQueue(client, plan);
  return { url, queue: createBrowsableSqsQueue(client, url) };
}

async function receive(client: SQSClient, url: string) {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return Messages;
}

/** Empties the queue: a message that stays in flight would hold up its group. */
async function takeAll(client: SQSClient, url: string): Promise<QueueEntry[]> {
  const received = await receive(client, url);
  if (received.length === 0) return [];
  for (const { ReceiptHandle } of received) {
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
  }
  const entries = received.map(({ Attributes, Body = "", MessageAttributes = {} }): QueueEntry => {
    const { MessageGroupId: groupId = "", MessageDeduplicationId: deduplicationId = "" } = Attributes ?? {};
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    const entry = { groupId, deduplicationId, body: Body };
    return attributes.length === 0 ? entry : { ...entry, attributes: Object.fromEntries(attributes) };
  });
  return [...entries, ...(await takeAll(client, url))];
}

describeQueue("on SQS", async () => {
  const server = await startSqs();
  const client = createSqsClientFor(server.url, REGION);
  return {
    async open() {
      const { url, queue } = await openOn(client);
      return { queue, contents: () => takeAll(client, url) };
    },
    openUnreachable: async () =>
      createBrowsableSqsQueue(
        createSqsClientFor(await closedPort(), REGION),
        "http://127.0.0.1/000000000000/nobody.fifo",
      ),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
});

describeQueue("on the virtual SQS", async () => {
  const { clock, client, clientThrough } = openVirtualSqs();
  // A receive waits on the virtual clock, which stands still by itself.
  const running = clientThrough(async (_request, apply) => {
    const answer = apply();
    await clock.run(clock.nowMs() + 2_000);
    return answer;
  });
  const refusing = clientThrough(async () => {
    throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  });
  return {
    async open() {
      const { url, queue } = await openOn(running);
      return { queue, contents: () => takeAll(client, url) };
    },
    openUnreachable: async () =>
      createBrowsableSqsQueue(refusing, "http://sqs.invalid/000000000000/nobody.fifo"),
    stop: async () => {},
  };
});

describe("messages on SQS that have been received", () => {
  let server: Emulator;
  let client: SQSClient;
  beforeAll(async () => {
    server = await startSqs();
    client = createSqsClientFor(server.url, REGION);
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  const handleOf = async (url: string) => (await receive(client, url))[0]?.ReceiptHandle ?? "";

  test("stay hidden, and count as being worked on", async () => {
    const { url, queue } = await openOn(client);
    await queue.send([entryOf("a")]);
    expect(await receive(client, url)).toHaveLength(1);
    expect(await receive(client, url)).toEqual([]);
    expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 1 });
  });

  test("are seen again at once when their delay is none", async () => {
    const { url, queue } = await openOn(client);
    await queue.send([entryOf("a")]);
    await queue.changeVisibility([{ receiptHandle: await handleOf(url), delayMs: 0 }]);
    expect((await receive(client, url)).map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual(
      ["2"],
    );
  });

  test("are seen again after their delay, rounded up to whole seconds", async () => {
    const { url, queue } = await openOn(client);
    await queue.send([entryOf("a")]);
    const receiptHandle = await handleOf(url);
    const changedAtMs = Date.now();
    await queue.changeVisibility([{ receiptHandle, delayMs: 300 }]);
    await vi.waitFor(async () => expect(await receive(client, url)).toHaveLength(1), { timeout: 10_000 });
    expect(Date.now() - changedAtMs).toBeGreaterThan(900);
  });

  test("can be delayed by more than SQS allows: it is asked for no more than it does", async () => {
    const bodies: Promise<unknown>[] = [];
    const recording = await startRawServer((response, request) => {
      bodies.push(json(request));
      response.end("{}");
    });
    const queue = createSqsQueue(createSqsClientFor(recording.url, REGION), `${recording.url}/0/a.fifo`);
    await queue.changeVisibility([
      { receiptHandle: "a", delayMs: 7 * 24 * 3_600_000 },
      { receiptHandle: "b", delayMs: -5 },
    ]);
    expect(await Promise.all(bodies)).toMatchObject([
      { Entries: [{ VisibilityTimeout: 43_100 }, { VisibilityTimeout: 0 }] },
    ]);
    await recording.stop();
  });

  test("but whose answer was lost are asked for again, and no others", async () => {
    const bodies: Promise<unknown>[] = [];
    const losing = await startRawServer((response, request) => {
      bodies.push(json(request));
      if (bodies.length === 1) response.destroy();
      else response.end("{}");
    });
    const queue = createSqsQueue(createSqsClientFor(losing.url, REGION), `${losing.url}/0/a.fifo`);
    expect(await queue.receiveOne()).toBeUndefined();
    const [first, second] = await Promise.all(bodies);
    expect(first).toMatchObject({ MaxNumberOfMessages: 1, ReceiveRequestAttemptId: expect.any(String) });
    expect(second).toEqual(first);
    await queue.receiveOne();
    expect(await bodies[2]).not.toEqual(first);
    await losing.stop();
  });

  test("of which some can't be changed any more leave the others changed", async () => {
    const { url, queue } = await openOn(client);
    await queue.send([entryOf("a")]);
    const changed = await queue.changeVisibility([
      { receiptHandle: "gone", delayMs: 0 },
      { receiptHandle: await handleOf(url), delayMs: 0 },
    ]);
    expect(changed).toEqual([{ index: 0, reason: expect.stringMatching(/Receipt/), isFinal: true }]);
    expect(await receive(client, url)).toHaveLength(1);
  });

  test("that are refused one by one: throttling passes, even as the sender's fault", async () => {
    const Failed = ["KMS.ThrottlingException", "InvalidMessageContents", "InternalError"].map(
      (Code, index) => ({
        Id: String(index),
        Code,
        SenderFault: Code !== "InternalError",
      }),
    );
    const refusing = await startRawServer(answerWith(200, JSON.stringify({ Successful: [], Failed })));
    const queue = createSqsQueue(createSqsClientFor(refusing.url, REGION), `${refusing.url}/0/a.fifo`);
    expect(await queue.send(["a", "b", "c"].map(entryOf))).toEqual([
      { index: 0, reason: "KMS.ThrottlingException", isFinal: false },
      { index: 1, reason: "InvalidMessageContents", isFinal: true },
      { index: 2, reason: "InternalError", isFinal: false },
    ]);
    await refusing.stop();
  });

  test("a queue that does not exist is no matter of waiting", async () => {
    const missing = createSqsQueue(client, `${server.url}/000000000000/nobody.fifo`);
    await expect(missing.send([entryOf("a")])).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });
});
