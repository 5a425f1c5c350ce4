import { Unreachable } from "@sluice/core/errors";
import type { Queue, QueueEntry } from "@sluice/core/ports/queue";
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

    test.each<[call: string, use: (queue: Queue) => Promise<unknown>]>([
      ["send", (queue) => queue.send([entryOf("a")])],
      ["changeVisibility", (queue) => queue.changeVisibility([{ receiptHandle: "handle", delayMs: 0 }])],
    ])("%s throws Unreachable when nobody answers", async (_, use) => {
      await expect(use(await queues.openUnreachable())).rejects.toBeInstanceOf(Unreachable);
    });
  });
}

/** A place with queues under test. */
export interface StartedQueues {
  /** An empty queue, and what it holds afterwards, in no order; asking may empty it. */
  open(): Promise<{ queue: Queue; contents(): Promise<readonly QueueEntry[]> }>;
  /** A queue whose next call can't reach it. */
  openUnreachable(): Promise<Queue>;
  stop(): Promise<void>;
}

/** An entry as the scheduler sends it: each record is a group of its own. */
export function entryOf(recordId: string): QueueEntry {
  return { groupId: recordId, deduplicationId: `run:${recordId}`, body: JSON.stringify({ recordId }) };
}

function inOrder(entries: readonly QueueEntry[]): QueueEntry[] {
  return entries.toSorted((one, other) => (one.deduplicationId < other.deduplicationId ? -1 : 1));
}
