import type { Clock } from "@sluice/core/ports";
import type { MappingQueue, QueuedMessage } from "../mapping-queue.ts";

const WAIT_MS = 1_000;

/** A queue in memory, in which each message is a group of its own. */
export interface FakeMappingQueue extends MappingQueue {
  /** Adds messages named `m1`, `m2`, …, and returns these ids. */
  send(count: number): readonly string[];
  /** Ids of the messages that are not deleted, hidden ones included. */
  remaining(): readonly string[];
  /** Calls of `receive` so far, and their sizes. */
  readonly receives: readonly number[];
  /** From now on the deletion of this message is refused, as if its visibility had ended. */
  refuseDeletionOf(receiptHandle: string): void;
  /** From now on each call of this kind rejects, or no longer. */
  breakDown(what: "receive" | "deleteMessages", isBroken: boolean): void;
}

/** Makes an empty queue. */
export function createFakeMappingQueue(clock: Clock, visibilityTimeoutMs = 30_000): FakeMappingQueue {
  const messages = new Map<string, { visibleAtMs: number; receiveCount: number }>();
  const broken = new Set<string>();
  const late = new Set<string>();
  const receives: number[] = [];
  let sentCount = 0;

  function take(maxMessages: number): readonly QueuedMessage[] {
    const visible = [...messages].filter(([, message]) => message.visibleAtMs <= clock.nowMs());
    return visible.slice(0, maxMessages).map(([id, message]) => {
      message.visibleAtMs = clock.nowMs() + visibilityTimeoutMs;
      message.receiveCount += 1;
      return queuedMessage(id, message.receiveCount);
    });
  }

  return {
    visibilityTimeoutMs,
    receives,
    async receive(maxMessages) {
      receives.push(maxMessages);
      if (broken.has("receive")) throw new TypeError("the queue is down");
      const taken = take(maxMessages);
      if (taken.length > 0) return taken;
      await clock.sleep(WAIT_MS);
      return take(maxMessages);
    },
    async deleteMessages(receiptHandles) {
      if (broken.has("deleteMessages")) throw new TypeError("the queue is down");
      for (const handle of receiptHandles) if (!late.has(handle)) messages.delete(handle);
      return receiptHandles.filter((handle) => late.has(handle));
    },
    refuseDeletionOf: (receiptHandle) => late.add(receiptHandle),
    send(count) {
      const ids = Array.from({ length: count }, (_, index) => `m${sentCount + index + 1}`);
      sentCount += count;
      for (const id of ids) messages.set(id, { visibleAtMs: clock.nowMs(), receiveCount: 0 });
      return ids;
    },
    remaining: () => [...messages.keys()],
    breakDown(what, isBroken) {
      if (isBroken) broken.add(what);
      else broken.delete(what);
    },
  };
}

function queuedMessage(id: string, receiveCount: number): QueuedMessage {
  return {
    messageId: id,
    receiptHandle: id,
    body: `body of ${id}`,
    md5OfBody: "",
    attributes: { ApproximateReceiveCount: String(receiveCount), MessageGroupId: id },
    messageAttributes: {},
  };
}
