import type { VisibilityChange } from "@sluice/core/ports";
import { createHeap } from "../virtual-time/heap.ts";
import type { FifoMessage } from "./fifo-message.ts";

/**
 * Messages of a queue that were received and are not deleted, each of which becomes visible again at an instant of its
 * own. A receipt handle that is not of its message's last receive does nothing.
 */
export interface HiddenMessages {
  /** Counts a receive of a visible message, and hides it under a new receipt handle. */
  hide(message: FifoMessage, untilMs: number): void;
  changeVisibility(changes: readonly VisibilityChange[], nowMs: number): void;
  /** Deletes the message of a receipt handle, and returns it. */
  remove(receiptHandle: string): FifoMessage | undefined;
  /** Makes the message visible that is due first, and returns it, if it is due by now. */
  reveal(nowMs: number): FifoMessage | undefined;
  /** The instant at which the next message is due; plus infinity if none is hidden. */
  nextRevealAtMs(): number;
  count(): number;
}

interface Hiding {
  readonly message: FifoMessage;
  readonly untilMs: number;
}

/** Starts without a message. */
export function createHiddenMessages(): HiddenMessages {
  const byHandle = new Map<string, FifoMessage>();
  // Keeps hidings that are out of date until they come up.
  const hidings = createHeap<Hiding>(endsBefore);

  function hideUntil(message: FifoMessage, untilMs: number): void {
    message.hiddenUntilMs = untilMs;
    hidings.push({ message, untilMs });
  }

  function nextHiding(): Hiding | undefined {
    for (let top = hidings.peek(); top !== undefined; top = hidings.peek()) {
      if (top.message.state === "hidden" && top.message.hiddenUntilMs === top.untilMs) return top;
      hidings.pop();
    }
    return undefined;
  }

  return {
    hide(message, untilMs) {
      message.state = "hidden";
      message.receiveCount += 1;
      message.receiptHandle = `${message.sequence}-${message.receiveCount}`;
      byHandle.set(message.receiptHandle, message);
      hideUntil(message, untilMs);
    },
    changeVisibility(changes, nowMs) {
      for (const { receiptHandle, delayMs } of changes) {
        const message = byHandle.get(receiptHandle);
        if (message !== undefined) hideUntil(message, nowMs + roundedUpMs(delayMs));
      }
    },
    remove(receiptHandle) {
      const message = byHandle.get(receiptHandle);
      if (message === undefined) return undefined;
      byHandle.delete(receiptHandle);
      message.state = "deleted";
      message.body = "";
      return message;
    },
    reveal(nowMs) {
      const next = nextHiding();
      if (next === undefined || next.untilMs > nowMs) return undefined;
      hidings.pop();
      const { message } = next;
      byHandle.delete(message.receiptHandle);
      message.state = "visible";
      return message;
    },
    nextRevealAtMs: () => nextHiding()?.untilMs ?? Number.POSITIVE_INFINITY,
    count: () => byHandle.size,
  };
}

function endsBefore(one: Hiding, other: Hiding): boolean {
  if (one.untilMs !== other.untilMs) return one.untilMs < other.untilMs;
  return one.message.sequence < other.message.sequence;
}

/** SQS counts visibility in whole seconds. */
function roundedUpMs(delayMs: number): number {
  return 1_000 * Math.ceil(Math.max(0, delayMs) / 1_000);
}
