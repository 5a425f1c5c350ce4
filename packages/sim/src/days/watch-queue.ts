import { parseMessage, type RecordMessage } from "@sluice/core/records";
import type { FifoContents } from "../fifo-queue/fifo-contents.ts";
import type { FifoEntry } from "../fifo-queue/fifo-message.ts";

/** Is told of the messages of a queue, by the record that they are about. */
export interface QueueWatch {
  onSent(recordId: string, entry: FifoEntry): void;
  /** A message that another queue has given up. */
  onAdopted?(recordId: string): void;
  onReceived(recordId: string): void;
  /** @param hasCopy another message with the same body stays in the queue */
  onDeleted(message: WatchedMessage, hasCopy: boolean): void;
}

/** A message, by what it asks for. */
export type WatchedMessage = Pick<RecordMessage, "recordId" | "runId" | "number">;

/** The same contents, watched. Messages that are none of the provider's are not told of. */
export function watchQueue(contents: FifoContents, providerId: string, watch: QueueWatch): FifoContents {
  const taken = new Map<string, WatchedMessage & { readonly body: string }>();
  const countOf = new Map<string, number>();

  function count(body: string, more: number): number {
    const total = (countOf.get(body) ?? 0) + more;
    countOf.set(body, total);
    return total;
  }

  function messageIn(body: string): RecordMessage | undefined {
    const parsed = parseMessage(body, providerId);
    return parsed.kind === "message" ? parsed.message : undefined;
  }

  const recordIdIn = (body: string) => messageIn(body)?.recordId;

  return {
    ...contents,
    send(entry) {
      const outcome = contents.send(entry);
      if (!outcome.isDuplicate) count(entry.body, 1);
      const recordId = outcome.isDuplicate ? undefined : recordIdIn(entry.body);
      if (recordId !== undefined) watch.onSent(recordId, entry);
      return outcome;
    },
    adopt(message, deadLetterOf) {
      const recordId = recordIdIn(message.body);
      contents.adopt(message, deadLetterOf);
      count(message.body, 1);
      if (recordId !== undefined) watch.onAdopted?.(recordId);
    },
    take(maxMessages, visibilityTimeoutMs) {
      const messages = contents.take(maxMessages, visibilityTimeoutMs);
      for (const { body, receiptHandle } of messages) {
        const message = messageIn(body);
        if (message === undefined) continue;
        taken.set(receiptHandle, { ...message, body });
        watch.onReceived(message.recordId);
      }
      return messages;
    },
    remove(receiptHandle) {
      const outcome = contents.remove(receiptHandle);
      const message = taken.get(receiptHandle);
      if (outcome === "deleted" && message !== undefined) {
        watch.onDeleted(message, count(message.body, -1) > 0);
      }
      taken.delete(receiptHandle);
      return outcome;
    },
  };
}
