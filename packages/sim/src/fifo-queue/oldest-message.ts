import { createHeap } from "../virtual-time/heap.ts";
import type { FifoMessage } from "./fifo-message.ts";

/** The oldest of a queue's messages that are not deleted, found in O(log n). */
export interface OldestMessage {
  add(message: FifoMessage): void;
  /** Lets go of what is deleted and was older than all others; to be called after deletions. */
  forgetDeleted(): void;
  peek(): FifoMessage | undefined;
}

/** Starts without a message. */
export function createOldestMessage(): OldestMessage {
  const bySequence = createHeap<FifoMessage>((one, other) => one.sequence < other.sequence);

  function forgetDeleted(): void {
    while (bySequence.peek()?.state === "deleted") bySequence.pop();
  }

  return {
    add: bySequence.push,
    forgetDeleted,
    peek() {
      forgetDeleted();
      return bySequence.peek();
    },
  };
}
