import type { Queue } from "@sluice/core/ports";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Differences } from "./emulator-differences.ts";
import { entryOf } from "./queue.conformance.ts";

/** The time for which a received message is hidden in the queues under test. */
export const VISIBILITY_MS = 30_000;

const HOUR_MS = 3_600_000;

/**
 * What SQS was recorded or documented to do, as far as a {@link Queue} shows it: each row observes something, and tells
 * what it is on AWS. Rows that take several messages of a group at once are in the suite of SQS's own calls.
 */
export const ROWS: Readonly<Record<string, Row>> = {
  "a deletion after the end of the visibility": {
    async observe({ queue, pass }) {
      const { receiptHandle } = await received(queue, "a");
      await pass(VISIBILITY_MS);
      return [await endOf(queue.delete(receiptHandle)), await bodyOf(queue)];
    },
    onAws: ["InvalidParameterValue", "a"],
  },
  "a deletion after the message was made visible": {
    async observe({ queue }) {
      const { receiptHandle } = await received(queue, "a");
      await queue.changeVisibility([{ receiptHandle, delayMs: 0 }]);
      return [await endOf(queue.delete(receiptHandle)), await bodyOf(queue)];
    },
    onAws: ["InvalidParameterValue", "a"],
  },
  "a deletion with the handle of an earlier receive": {
    async observe({ queue }) {
      const { receiptHandle } = await received(queue, "a");
      await queue.changeVisibility([{ receiptHandle, delayMs: 0 }]);
      await queue.receiveOne();
      return [await endOf(queue.delete(receiptHandle)), (await queue.depth()).inFlightCount];
    },
    onAws: ["InvalidParameterValue", 1],
  },
  "a deletion that is repeated": {
    async observe({ queue }) {
      const { receiptHandle } = await received(queue, "a");
      return [await endOf(queue.delete(receiptHandle)), await endOf(queue.delete(receiptHandle))];
    },
    onAws: ["done", "done"],
  },
  "a handle that the queue never gave out": {
    async observe({ queue }) {
      const failures = await queue.changeVisibility([{ receiptHandle: "garbage", delayMs: 0 }]);
      return [await endOf(queue.delete("garbage")), failures.map(({ isFinal }) => isFinal)];
    },
    onAws: ["ReceiptHandleIsInvalid", [true]],
  },
  "a change of what is visible again": {
    async observe({ queue }) {
      const { receiptHandle } = await received(queue, "a");
      await queue.changeVisibility([{ receiptHandle, delayMs: 0 }]);
      return queue.changeVisibility([{ receiptHandle, delayMs: 5_000 }]);
    },
    onAws: [{ index: 0, reason: expect.stringContaining("MessageNotInflight"), isFinal: true }],
  },
  "a delay that would end more than 12 h after the receive, which is cut": {
    async observe({ queue }) {
      const { receiptHandle } = await received(queue, "a");
      const failures = await queue.changeVisibility([{ receiptHandle, delayMs: 13 * HOUR_MS }]);
      return [failures, await bodyOf(queue)];
    },
    onAws: [[], undefined],
  },
  "the end of a visibility": {
    async observe({ queue, pass }) {
      await received(queue, "a");
      await pass(VISIBILITY_MS);
      return (await queue.receiveOne())?.receiveCount;
    },
    onAws: 2,
  },
  "a second message of a group whose first is being worked on": {
    async observe({ queue }) {
      await queue.send(["first", "second"].map((id) => ({ ...entryOf(id), body: id, groupId: "one" })));
      return [await bodyOf(queue), await bodyOf(queue)];
    },
    onAws: ["first", undefined],
  },
  "a deduplication id in two groups": {
    async observe({ queue }) {
      const deduplicationId = "same";
      await queue.send(["a", "b"].map((id) => ({ ...entryOf(id), deduplicationId })));
      return (await queue.depth()).visibleCount;
    },
    onAws: 2,
  },
  "a deduplication id that comes again after its message was deleted": {
    async observe({ queue }) {
      const { receiptHandle } = await received(queue, "a");
      await queue.delete(receiptHandle);
      await queue.send([entryOf("a")]);
      return (await queue.depth()).visibleCount;
    },
    onAws: 0,
  },
  "a deduplication id that comes again after five minutes": {
    async observe({ queue, pass }) {
      await queue.send([entryOf("a")]);
      await pass(5 * 60_000);
      await queue.send([entryOf("a")]);
      return (await queue.depth()).visibleCount;
    },
    onAws: 2,
  },
  "ids that are none, beside one that is": {
    async observe({ queue }) {
      const bad = ["a b", "a".repeat(129), "ü", ""].map((groupId) => ({ ...entryOf("a"), groupId }));
      const failures = await queue.send([...bad, entryOf("good")]);
      return [failures.map(({ index, isFinal }) => [index, isFinal]), (await queue.depth()).visibleCount];
    },
    onAws: [[0, 1, 2, 3].map((index) => [index, true]), 1],
  },
};

/**
 * Runs every row. A target that differs says what it shows instead, so that a change of it is noticed, whichever way
 * it goes.
 */
export function describeRecordedQueue(
  name: string,
  start: () => Promise<StartedRecordedQueues>,
  differences: Differences,
): void {
  describe(`what SQS was recorded to do: ${name}`, () => {
    let started: StartedRecordedQueues;
    beforeAll(async () => {
      started = await start();
    });
    afterAll(() => started.stop());

    test.each(Object.entries(ROWS))("%s", async (row, { observe, onAws }) => {
      const observed = await observe(await started.open());
      const difference = differences[row];
      if (difference === undefined) return expect(observed).toEqual(onAws);
      expect(observed).toEqual(difference.shows);
      expect(observed, "it no longer differs from AWS").not.toEqual(onAws);
    });

    test("each difference is one from a row", () => {
      expect(Object.keys(ROWS)).toEqual(expect.arrayContaining(Object.keys(differences)));
    });
  });
}

/** A place with queues that hide what is received for {@link VISIBILITY_MS}. */
export interface StartedRecordedQueues {
  open(): Promise<RecordedPlace>;
  stop(): Promise<void>;
}

/** An empty queue. */
export interface RecordedPlace {
  readonly queue: Queue;
  /** Lets time pass for the queue, where it can. */
  pass(durationMs: number): Promise<void>;
}

/** Something that a queue shows, and what it is on AWS. */
export interface Row {
  observe(place: RecordedPlace): Promise<unknown>;
  readonly onAws: unknown;
}

/** The one message of a queue, sent and received. */
async function received(queue: Queue, id: string) {
  await queue.send([{ ...entryOf(id), body: id }]);
  const message = await queue.receiveOne();
  if (message === undefined) throw new Error("the message was not handed out");
  return message;
}

async function bodyOf(queue: Queue): Promise<string | undefined> {
  return (await queue.receiveOne())?.body;
}

/** How a call ends: by the name of the error if it is refused. */
function endOf(call: Promise<void>): Promise<string> {
  return call.then(
    () => "done",
    (thrown: Error) => thrown.name,
  );
}
