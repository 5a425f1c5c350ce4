import { createHeap } from "../virtual-time/heap.ts";
import type { FifoMessage } from "./fifo-message.ts";

/** Messages of a queue that are in flight, each of which becomes visible again at an instant of its own. */
export interface HiddenMessages {
  /** Hides a message, or sets when a hidden one becomes visible. */
  hide(message: FifoMessage, untilMs: number): void;
  /** Lets go of a hidden message, which is deleted. */
  remove(message: FifoMessage): void;
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
  // Keeps hidings that are out of date until they come up.
  const hidings = createHeap<Hiding>(endsBefore);
  let count = 0;

  function nextHiding(): Hiding | undefined {
    for (let top = hidings.peek(); top !== undefined; top = hidings.peek()) {
      if (top.message.state === "hidden" && top.message.hiddenUntilMs === top.untilMs) return top;
      hidings.pop();
    }
    return undefined;
  }

  return {
    hide(message, untilMs) {
      if (message.state !== "hidden") count += 1;
      message.state = "hidden";
      message.hiddenUntilMs = untilMs;
      hidings.push({ message, untilMs });
    },
    remove(message) {
      count -= 1;
      message.state = "deleted";
    },
    reveal(nowMs) {
      const next = nextHiding();
      if (next === undefined || next.untilMs > nowMs) return undefined;
      hidings.pop();
      count -= 1;
      next.message.state = "visible";
      return next.message;
    },
    nextRevealAtMs: () => nextHiding()?.untilMs ?? Number.POSITIVE_INFINITY,
    count: () => count,
  };
}

function endsBefore(one: Hiding, other: Hiding): boolean {
  if (one.untilMs !== other.untilMs) return one.untilMs < other.untilMs;
  return one.message.sequence < other.message.sequence;
}
