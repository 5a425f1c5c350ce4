import type { QueueEntry, ReceivedMessage } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import type { FifoEntry, FifoMessage } from "../fifo-queue/fifo-message.ts";

/** An entry as a queue keeps it. */
export function toFifoEntry({ attributes, ...entry }: QueueEntry): FifoEntry {
  if (attributes === undefined) return entry;
  const typed = Object.entries(attributes).map(([name, stringValue]) => [
    name,
    { dataType: "String", stringValue },
  ]);
  return { ...entry, attributes: Object.fromEntries(typed) };
}

/** The message as a use-case receives it. */
export function toReceivedMessage(message: FifoMessage): ReceivedMessage {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    receiveCount: message.receiveCount,
    sentAtMs: message.sentAtMs,
    isRedriven: message.attributes !== undefined && DEAD_LETTER_ATTRIBUTE in message.attributes,
  };
}
