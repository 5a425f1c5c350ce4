import { Unreachable } from "@sluice/core/errors";
import type { BrowsableQueue, Queue, QueueEntry, ReceivedMessage } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What every {@link Queue} must do. `start` makes a place with queues. */
export function describeQueue(name: string, start: () => Promise<StartedQueues>): void {
  describe(`queue: ${name}`, () => {
    let queues: StartedQueues;
    beforeAll(async () => {
      queues = await start();
    });
    afterAll(() => queues.stop());

    test.each([1, 10])("takes %i entries at once", async (count) => {
      const { queue, contents } = await queues.open();
      const entries = Array.from({ length: count }, (_, index) => entryOf(`record-${index}`));
      expect(await queue.send(entries)).toEqual([]);
      expect(inOrder(await contents())).toEqual(inOrder(entries));
    });

    test("a deduplication id that comes again is the same message", async () => {
      const { queue, contents } = await queues.open();
      const first = entryOf("a");
      expect(await queue.send([first, entryOf("b")])).toEqual([]);
      expect(await queue.send([{ ...first, body: "again" }, entryOf("c")])).toEqual([]);
      expect(inOrder(await contents())).toEqual([first, entryOf("b"), entryOf("c")]);
    });

    test("the same text under another deduplication id is another message", async () => {
      const { queue, contents } = await queues.open();
      const again = { ...entryOf("a"), deduplicationId: "later:a" };
      await queue.send([entryOf("a")]);
      await queue.send([again]);
      expect(inOrder(await contents())).toEqual([again, entryOf("a")]);
    });

    test("bodies and attributes arrive as they were", async () => {
      const { queue, contents } = await queues.open();
      const entry = {
        ...entryOf("a"),
        body: '{"recordId":"Zürich \\ud83e\\udd8a \\u0000"}',
        attributes: { SluiceCause: '{"cause":"HTTP 404 <&>"}', other: "x" },
      };
      await queue.send([entry, entryOf("b")]);
      expect(inOrder(await contents())).toEqual([entry, entryOf("b")]);
    });

    test("counts what waits", async () => {
      const { queue } = await queues.open();
      expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
      await queue.send([entryOf("a"), entryOf("b")]);
      expect(await queue.depth()).toEqual({ visibleCount: 2, inFlightCount: 0 });
    });

    test("gives out one message at a time, each once, and hides it", async () => {
      const { queue } = await queues.open();
      await queue.send([entryOf("a"), entryOf("b")]);
      const first = await receiveFrom(queue);
      expect(first).toMatchObject({ receiveCount: 1, isRedriven: false });
      expect(await queue.depth()).toEqual({ visibleCount: 1, inFlightCount: 1 });
      const second = await receiveFrom(queue);
      expect([first.body, second.body].toSorted()).toEqual([entryOf("a").body, entryOf("b").body]);
      expect(second.messageId).not.toBe(first.messageId);
      expect(await queue.receiveOne()).toBeUndefined();
    });

    test("has nothing to give out when it is empty", async () => {
      const { queue } = await queues.open();
      expect(await queue.receiveOne()).toBeUndefined();
    });

    test("gives out no other message of a group while one is being worked on", async () => {
      const { queue } = await queues.open();
      const group = (id: string) => ({ ...entryOf(id), groupId: "one" });
      await queue.send([group("a"), group("b")]);
      const first = await receiveFrom(queue);
      expect(first.body).toBe(entryOf("a").body);
      expect(await queue.receiveOne()).toBeUndefined();
      await queue.delete(first.receiptHandle);
      expect((await receiveFrom(queue)).body).toBe(entryOf("b").body);
    });

    test("counts how often a message was received", async () => {
      const { queue } = await queues.open();
      await queue.send([entryOf("a")]);
      const first = await receiveFrom(queue);
      await queue.changeVisibility([{ receiptHandle: first.receiptHandle, delayMs: 0 }]);
      expect(await queue.receiveOne()).toMatchObject({
        messageId: first.messageId,
        body: first.body,
        receiveCount: 2,
      });
    });

    test("tells when a message was sent, each time that it is received", async () => {
      const { queue } = await queues.open();
      await queue.send([entryOf("a")]);
      const { sentAtMs, receiptHandle } = await receiveFrom(queue);
      expect(sentAtMs).toBeGreaterThan(0);
      await queue.changeVisibility([{ receiptHandle, delayMs: 0 }]);
      expect(await queue.receiveOne()).toMatchObject({ sentAtMs });
    });

    test("tells a message that was a dead letter", async () => {
      const { queue } = await queues.open();
      await queue.send([{ ...entryOf("a"), attributes: { [DEAD_LETTER_ATTRIBUTE]: "{}" } }]);
      expect(await queue.receiveOne()).toMatchObject({ body: entryOf("a").body, isRedriven: true });
    });

    test("other attributes make no dead letter", async () => {
      const { queue } = await queues.open();
      await queue.send([{ ...entryOf("a"), attributes: { other: "{}" } }]);
      expect(await queue.receiveOne()).toMatchObject({ isRedriven: false });
    });

    test("a deleted message is gone for good, and deleting it again is harmless", async () => {
      const { queue } = await queues.open();
      await queue.send([entryOf("a")]);
      const { receiptHandle } = await receiveFrom(queue);
      await queue.delete(receiptHandle);
      await queue.delete(receiptHandle);
      expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
      await queue.send([entryOf("a")]);
      expect(await queue.receiveOne()).toBeUndefined();
    });

    test("hands over up to ten messages with all that they carry, the oldest first, and hides them", async () => {
      const { queue } = await queues.open();
      const sent = Array.from({ length: 12 }, (_, index) => ({
        ...entryOf(`record-${String(index).padStart(2, "0")}`),
        attributes: { SluiceCause: `{"cause":"é ${index}"}` },
      }));
      await queue.send(sent.slice(0, 10));
      await queue.send(sent.slice(10));
      const received = [
        ...(await receiveMany(queue)),
        ...(await receiveMany(queue)),
        ...(await receiveMany(queue)),
      ];
      expect(received.map(({ groupId, body, attributes }) => ({ groupId, body, attributes }))).toEqual(
        sent.map(({ groupId, body, attributes }) => ({ groupId, body, attributes })),
      );
      for (const message of received) {
        expect(message).toMatchObject({ receiveCount: 1, isRedriven: true, sentAtMs: expect.any(Number) });
      }
      expect(await receiveMany(queue)).toEqual([]);
      expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 12 });
    });

    test("what is made visible again is in its old place", async () => {
      const { queue } = await queues.open();
      await queue.send(["a", "b", "c"].map(entryOf));
      const received = await receiveMany(queue);
      const reversed = received.toReversed().map(({ receiptHandle }) => ({ receiptHandle, delayMs: 0 }));
      expect(await queue.changeVisibility(reversed)).toEqual([]);
      expect((await receiveMany(queue)).map(({ body }) => body)).toEqual(received.map(({ body }) => body));
    });

    test("deletes several at once; an older receipt than the last deletes nothing, and is told", async () => {
      const { queue } = await queues.open();
      await queue.send(["a", "b", "c"].map(entryOf));
      const first = await receiveMany(queue);
      await queue.changeVisibility(
        first.slice(0, 1).map(({ receiptHandle }) => ({ receiptHandle, delayMs: 0 })),
      );
      const [again] = await receiveMany(queue);
      expect(again?.messageId).toBe(first[0]?.messageId);
      const failures = await queue.deleteAll(first.map(({ receiptHandle }) => receiptHandle));
      expect(failures.map(({ index }) => index)).toEqual([0]);
      expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 1 });
      expect(await queue.deleteAll([again?.receiptHandle ?? "", first[1]?.receiptHandle ?? ""])).toEqual([]);
      expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
    });

    test.each<[call: string, use: (queue: BrowsableQueue) => Promise<unknown>]>([
      ["send", (queue) => queue.send([entryOf("a")])],
      ["changeVisibility", (queue) => queue.changeVisibility([{ receiptHandle: "handle", delayMs: 0 }])],
      ["receiveOne", (queue) => queue.receiveOne()],
      ["receive", (queue) => queue.receive({ maxCount: 10, hiddenForMs: 60_000 })],
      ["delete", (queue) => queue.delete("handle")],
      ["deleteAll", (queue) => queue.deleteAll(["handle"])],
    ])("%s throws Unreachable when nobody answers", async (_, use) => {
      await expect(use(await queues.openUnreachable())).rejects.toBeInstanceOf(Unreachable);
    });
  });
}

/** A place with queues under test. */
export interface StartedQueues {
  /** An empty queue, and what it holds afterwards, in no order; asking may empty it. */
  open(): Promise<{ queue: BrowsableQueue; contents(): Promise<readonly QueueEntry[]> }>;
  /** A queue whose next call can't reach it. */
  openUnreachable(): Promise<BrowsableQueue>;
  stop(): Promise<void>;
}

/** An entry as the scheduler sends it: each record is a group of its own. */
export function entryOf(recordId: string): QueueEntry {
  return { groupId: recordId, deduplicationId: `run:${recordId}`, body: JSON.stringify({ recordId }) };
}

function receiveMany(queue: BrowsableQueue) {
  return queue.receive({ maxCount: 10, hiddenForMs: 60_000 });
}

async function receiveFrom(queue: Queue): Promise<ReceivedMessage> {
  const received = await queue.receiveOne();
  if (received === undefined) throw new Error("no message was visible");
  return received;
}

function inOrder(entries: readonly QueueEntry[]): QueueEntry[] {
  return entries.toSorted((one, other) => (one.deduplicationId < other.deduplicationId ? -1 : 1));
}
