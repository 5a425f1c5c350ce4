import type { QueuedMessage } from "../event-source-mapping/mapping-queue.ts";
import type { FifoMessage } from "./fifo-message.ts";

const NO_ATTRIBUTES = {};

/** The message as an event source mapping receives it. */
export function toQueuedMessage(message: FifoMessage): QueuedMessage {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    md5OfBody: "",
    attributes: systemAttributesOf(message),
    messageAttributes: message.attributes ?? NO_ATTRIBUTES,
  };
}

/** SQS's own attributes of a message, all of which are texts. */
export function systemAttributesOf(message: FifoMessage): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.receivedAtMs),
    SentTimestamp: String(message.sentAtMs),
    MessageGroupId: message.groupId,
    SequenceNumber: sequenceNumberOf(message.sequence),
  };
  if (message.deduplicationId !== undefined) attributes.MessageDeduplicationId = message.deduplicationId;
  if (message.deadLetterOf !== undefined) attributes.DeadLetterQueueSourceArn = message.deadLetterOf;
  return attributes;
}

/** The sequence number of a message: 20 digits, as texts in the order of arrival. */
export function sequenceNumberOf(sequence: number): string {
  return String(sequence).padStart(20, "0");
}
