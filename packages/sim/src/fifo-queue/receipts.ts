import type { FifoMessage } from "./fifo-message.ts";

/**
 * The message that a receipt handle stands for: `current` for a message that is hidden since the receive of the
 * handle; `lapsed` for one that is visible again; `superseded` for one that a later receive has hidden; `gone` for
 * one that is in the queue no longer; `unknown` for what the queue never gave out.
 */
export type Receipt =
  | { readonly kind: "current"; readonly message: FifoMessage }
  | { readonly kind: "lapsed" | "superseded" | "gone" | "unknown" };

/** The receipt handles of a queue, of which each receive of a message gets a new one. */
export interface Receipts {
  /** Counts a receive, and gives the message its handle. */
  issue(message: FifoMessage, nowMs: number): void;
  /** Forgets a message that is in the queue no longer. */
  forget(message: FifoMessage): void;
  find(receiptHandle: string): Receipt;
}

/** Starts without a handle; each that it makes begins with `prefix`. */
export function createReceipts(prefix: string): Receipts {
  const received = new Map<number, FifoMessage>();

  return {
    issue(message, nowMs) {
      message.receiveCount += 1;
      message.firstReceivedAtMs ??= nowMs;
      message.receivedAtMs = nowMs;
      message.receiptHandle = `${prefix}${message.sequence}-${message.receiveCount}`;
      received.set(message.sequence, message);
    },
    forget(message) {
      received.delete(message.sequence);
    },
    find(receiptHandle) {
      const sequence = sequenceIn(receiptHandle, prefix);
      if (sequence === undefined) return { kind: "unknown" };
      const message = received.get(sequence);
      if (message === undefined) return { kind: "gone" };
      if (message.state === "visible") return { kind: "lapsed" };
      return message.receiptHandle === receiptHandle ? { kind: "current", message } : { kind: "superseded" };
    },
  };
}

function sequenceIn(receiptHandle: string, prefix: string): number | undefined {
  if (!receiptHandle.startsWith(prefix)) return undefined;
  const [, digits] = /^(\d+)-\d+$/.exec(receiptHandle.slice(prefix.length)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
