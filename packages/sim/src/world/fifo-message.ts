import type { ReceivedMessage } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import type { QueuedMessage } from "../event-source-mapping/mapping-queue.ts";

/** A message that was never received. */
export interface FreshMessage {
  /** Its place in the order in which messages arrived, from 0 on. */
  readonly sequence: number;
  readonly groupId: string;
  readonly body: string;
  readonly sentAtMs: number;
}

/** A message that has been received at least once, or sent by itself. */
export interface FifoMessage extends Omit<FreshMessage, "body"> {
  /** Empty once it is deleted. */
  body: string;
  readonly attributes?: Readonly<Record<string, string>>;
  receiveCount: number;
  /** Of the last receive. */
  receiptHandle: string;
  hiddenUntilMs: number;
  state: "visible" | "hidden" | "deleted";
}

const NO_ATTRIBUTES = {};

/** A visible message that was never received. */
export function visibleMessage(message: FreshMessage & Pick<FifoMessage, "attributes">): FifoMessage {
  const { sequence, groupId, body, sentAtMs, attributes } = message;
  const own = { receiveCount: 0, receiptHandle: "", hiddenUntilMs: 0, state: "visible" as const };
  return { sequence, groupId, body, sentAtMs, ...(attributes && { attributes }), ...own };
}

/** The message as an event source mapping receives it. */
export function toQueuedMessage(message: FifoMessage): QueuedMessage {
  return {
    messageId: `message-${message.sequence}`,
    receiptHandle: message.receiptHandle,
    body: message.body,
    md5OfBody: "",
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      MessageGroupId: message.groupId,
    },
    messageAttributes: message.attributes === undefined ? NO_ATTRIBUTES : typed(message.attributes),
  };
}

function typed(attributes: Readonly<Record<string, string>>): QueuedMessage["messageAttributes"] {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: "String", stringValue }]),
  );
}

/** The message as a use-case receives it. */
export function toReceivedMessage(message: FifoMessage): ReceivedMessage {
  return {
    messageId: `message-${message.sequence}`,
    receiptHandle: message.receiptHandle,
    body: message.body,
    receiveCount: message.receiveCount,
    isRedriven: message.attributes !== undefined && DEAD_LETTER_ATTRIBUTE in message.attributes,
  };
}
