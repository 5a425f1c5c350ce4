import type { MessageAttribute } from "../event-source-mapping/mapping-queue.ts";

/** A message to send. */
export interface FifoEntry {
  readonly groupId: string;
  readonly deduplicationId: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

/** A message that was made up and never received. */
export interface FreshMessage {
  /** Its place in the order in which messages arrived, from 0 on. */
  readonly sequence: number;
  readonly groupId: string;
  readonly body: string;
  readonly sentAtMs: number;
}

/** A message that has been received at least once, or sent by itself. */
export interface FifoMessage extends Omit<FreshMessage, "body"> {
  readonly messageId: string;
  /** Undefined if the message was made up. */
  readonly deduplicationId: string | undefined;
  readonly attributes: Readonly<Record<string, MessageAttribute>> | undefined;
  /** The queue that gave the message up after too many receives. */
  readonly deadLetterOf: string | undefined;
  /** Empty once it is deleted. */
  body: string;
  receiveCount: number;
  /** Undefined before the first receive. */
  firstReceivedAtMs: number | undefined;
  /** Of the last receive. */
  receivedAtMs: number;
  /** Of the last receive. */
  receiptHandle: string;
  hiddenUntilMs: number;
  state: "visible" | "hidden" | "deleted";
}

/** The part of a message that it has from the beginning. */
export type MessageIdentity = FreshMessage &
  Pick<FifoMessage, "messageId"> &
  Partial<Pick<FifoMessage, "deduplicationId" | "attributes" | "deadLetterOf">>;

/**
 * A visible message that was never received. Each has the same fields in the same order, which is what makes it
 * quick.
 */
export function visibleMessage(identity: MessageIdentity): FifoMessage {
  return {
    sequence: identity.sequence,
    groupId: identity.groupId,
    sentAtMs: identity.sentAtMs,
    messageId: identity.messageId,
    deduplicationId: identity.deduplicationId,
    attributes: identity.attributes,
    deadLetterOf: identity.deadLetterOf,
    body: identity.body,
    receiveCount: 0,
    firstReceivedAtMs: undefined,
    receivedAtMs: 0,
    receiptHandle: "",
    hiddenUntilMs: 0,
    state: "visible",
  };
}
