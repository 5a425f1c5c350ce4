import type { FifoEntry } from "./fifo-message.ts";

/**
 * Time for which a deduplication id that comes again is the same message, deleted or not.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export const DEDUPLICATION_MS: number = 5 * 60_000;

/** The reach of a deduplication id: the queue, or the message group alone in high-throughput mode. */
export type DeduplicationScope = "queue" | "messageGroup";

/** A message that was sent, by its id and its place in the order of arrival. */
export interface SentMessage {
  readonly messageId: string;
  readonly sequence: number;
}

/** The deduplication ids of the last {@link DEDUPLICATION_MS}. */
export interface Deduplication {
  /** The message that was sent with the same id. */
  find(entry: FifoEntry, nowMs: number): SentMessage | undefined;
  remember(entry: FifoEntry, sent: SentMessage, nowMs: number): void;
}

/** Starts without an id. */
export function createDeduplication(scope: DeduplicationScope): Deduplication {
  // In the order in which they end.
  const recent = new Map<string, { readonly sent: SentMessage; readonly untilMs: number }>();

  function forgetUntil(nowMs: number): void {
    for (const [key, { untilMs }] of recent) {
      if (untilMs > nowMs) return;
      recent.delete(key);
    }
  }

  // Neither id holds a line break: SQS allows alphanumeric characters and punctuation.
  const keyOf = ({ groupId, deduplicationId }: FifoEntry) =>
    scope === "queue" ? deduplicationId : `${groupId}\n${deduplicationId}`;

  return {
    find(entry, nowMs) {
      forgetUntil(nowMs);
      return recent.get(keyOf(entry))?.sent;
    },
    remember(entry, sent, nowMs) {
      recent.set(keyOf(entry), { sent, untilMs: nowMs + DEDUPLICATION_MS });
    },
  };
}
