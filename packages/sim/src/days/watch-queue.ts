import { parseMessage } from "@sluice/core/records";
import type { FifoContents } from "../fifo-queue/fifo-contents.ts";
import type { FifoEntry } from "../fifo-queue/fifo-message.ts";

/** Is told of the messages of a queue, by the record that they are about. */
export interface QueueWatch {
  onSent(recordId: string, entry: FifoEntry): void;
  /** A message that another queue has given up. */
  onAdopted?(recordId: string): void;
  onReceived(recordId: string): void;
  onDeleted(recordId: string): void;
}

/** The same contents, watched. Messages that are none of the provider's are not told of. */
export function watchQueue(contents: FifoContents, providerId: string, watch: QueueWatch): FifoContents {
  const recordIds = new Map<string, string>();

  function recordIdIn(body: string): string | undefined {
    const parsed = parseMessage(body, providerId);
    return parsed.kind === "message" ? parsed.message.recordId : undefined;
  }

  return {
    ...contents,
    send(entry) {
      const outcome = contents.send(entry);
      const recordId = outcome.isDuplicate ? undefined : recordIdIn(entry.body);
      if (recordId !== undefined) watch.onSent(recordId, entry);
      return outcome;
    },
    adopt(message, deadLetterOf) {
      const recordId = recordIdIn(message.body);
      contents.adopt(message, deadLetterOf);
      if (recordId !== undefined) watch.onAdopted?.(recordId);
    },
    take(maxMessages, visibilityTimeoutMs) {
      const taken = contents.take(maxMessages, visibilityTimeoutMs);
      for (const { body, receiptHandle } of taken) {
        const recordId = recordIdIn(body);
        if (recordId === undefined) continue;
        recordIds.set(receiptHandle, recordId);
        watch.onReceived(recordId);
      }
      return taken;
    },
    remove(receiptHandle) {
      const outcome = contents.remove(receiptHandle);
      const recordId = recordIds.get(receiptHandle);
      if (outcome === "deleted" && recordId !== undefined) watch.onDeleted(recordId);
      recordIds.delete(receiptHandle);
      return outcome;
    },
  };
}
