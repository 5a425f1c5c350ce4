import { demoProvider } from "@sluice/testing/demo-provider";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { silentLog } from "@sluice/testing/silent-log";
import { messageFor } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import type { QueueEntry, ReceivedMessage } from "../ports/queue.ts";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import { renew } from "./renew.ts";

const deps = { provider: demoProvider(), log: silentLog };
const BODY = messageFor("a").body;

/** A queue with one message, which has just been received for the given time. */
async function receivedFor(receiveCount: number, entry: Partial<QueueEntry> = {}) {
  const queue = createMemoryQueue();
  await queue.send([{ groupId: "a", deduplicationId: "run-a", body: BODY, ...entry }]);
  for (let count = 1; count < receiveCount; count += 1) {
    const { receiptHandle } = await receive(queue);
    await queue.changeVisibility([{ receiptHandle, delayMs: 0 }]);
  }
  return { queue, message: await receive(queue) };
}

async function receive(queue: MemoryQueue): Promise<ReceivedMessage> {
  const message = await queue.receiveOne();
  if (message === undefined) throw new Error("the queue shows no message");
  return message;
}

test("a message that has been received very often is received as a copy that counts anew", async () => {
  const { queue, message } = await receivedFor(400);
  expect(message.receiveCount).toBe(400);
  expect(await renew(message, queue, deps)).toBe(true);
  expect(queue.entries).toHaveLength(1);
  expect(await receive(queue)).toMatchObject({ body: BODY, receiveCount: 1, isRedriven: false });
});

test("another one stays", async () => {
  const { queue, message } = await receivedFor(399);
  expect(await renew(message, queue, deps)).toBe(false);
  expect(queue.sendCount).toBe(1);
});

test("the copy of a letter that was put back says so", async () => {
  const { queue, message } = await receivedFor(400, { attributes: { [DEAD_LETTER_ATTRIBUTE]: "{}" } });
  expect(await renew(message, queue, deps)).toBe(true);
  expect(await receive(queue)).toMatchObject({ isRedriven: true });
});

test("a message that is none of the provider's is left to whoever discards it", async () => {
  const { queue, message } = await receivedFor(400, { body: "{}" });
  expect(await renew(message, queue, deps)).toBe(false);
  expect(queue.sendCount).toBe(1);
});

test("where the queue does not take the copy, or can't be had, the message itself stays", async () => {
  const { queue, message } = await receivedFor(400);
  queue.refuse(() => ({ reason: "InternalError", isFinal: false }));
  expect(await renew(message, queue, deps)).toBe(false);
  queue.refuse(() => undefined);
  queue.failNext(1);
  expect(await renew(message, queue, deps)).toBe(false);
  expect(queue.entries).toHaveLength(1);
});

test("where only the copy comes about, it waits behind the message, and another try makes no second one", async () => {
  const { queue, message } = await receivedFor(400);
  const deaf = { ...queue, delete: () => Promise.reject(new Error("no answer")) };
  expect(await renew(message, deaf, deps)).toBe(false);
  expect(await queue.receiveOne()).toBeUndefined();
  expect(await renew(message, queue, deps)).toBe(true);
  expect(queue.entries).toHaveLength(1);
});
