/** A FIFO queue as the use-cases see it. Each call throws `Unreachable` when the queue can't be had now. */
export interface Queue {
  /**
   * Sends up to 10 entries at once and returns those that the queue did not take, or of which it did not say so. A queue
   * that refuses every entry, for its own sake or the caller's, is an error and no failure of entries.
   */
  send(entries: readonly QueueEntry[], signal?: AbortSignal): Promise<readonly SendFailure[]>;
  /**
   * Makes received messages visible again after their delay instead of at their visibility timeout. Returns the changes
   * that the queue did not make; one for a message that is no longer received is final.
   */
  changeVisibility(changes: readonly VisibilityChange[]): Promise<readonly SendFailure[]>;
  /** Receives a message for a probe, and hides it for the visibility timeout; undefined if none is there. */
  receiveOne(): Promise<ReceivedMessage | undefined>;
  /** Deletes a received message: it needs no further work. */
  delete(receiptHandle: string): Promise<void>;
  /** Counts the messages that wait and those that are being worked on; approximate on SQS. */
  depth(): Promise<QueueDepth>;
}

/** A queue whose messages can be looked through, and taken out many at a time. */
export interface BrowsableQueue extends Queue {
  /**
   * Receives messages with all that they carry, the oldest first, and hides them for a time of its own; none if none is
   * there. While one of a group is hidden the later ones of it are not to be seen.
   */
  receive(request: ReceiveRequest): Promise<readonly WholeMessage[]>;
  /** Deletes up to 10 received messages at once, and returns those that the queue did not delete. */
  deleteAll(receiptHandles: readonly string[]): Promise<readonly SendFailure[]>;
}

/** One message to send. */
export interface QueueEntry {
  readonly groupId: string;
  readonly deduplicationId: string;
  readonly body: string;
  /** Message attributes, by name: printable text only. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An entry, or a change, that the queue did not take. */
export interface SendFailure {
  /** Position in the entries, or changes, of the call. */
  readonly index: number;
  readonly reason: string;
  /** The entry itself is at fault, so that sending it again is useless. */
  readonly isFinal: boolean;
}

/**
 * A received message that is to be seen again after `delayMs`; the queue rounds it up to whole seconds. SQS refuses a
 * delay that ends more than 12 hours after the receive.
 */
export interface VisibilityChange {
  readonly receiptHandle: string;
  readonly delayMs: number;
}

/** A wish to receive messages. */
export interface ReceiveRequest {
  /** From 1 to 10. */
  readonly maxCount: number;
  /** Time for which they are not to be seen by anybody else, at most 12 hours. */
  readonly hiddenForMs: number;
}

/** A received message, and all that was sent with it. */
export interface WholeMessage extends ReceivedMessage {
  readonly groupId: string;
  readonly sentAtMs: number;
  /** Message attributes that are text, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Number of messages in a queue. */
export interface QueueDepth {
  readonly visibleCount: number;
  readonly inFlightCount: number;
}

/** A message as an event source mapping hands it over. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Times that the message has been received, this one included. */
  readonly receiveCount: number;
  /** The instant at which it was sent; absent if nobody says it. */
  readonly sentAtMs?: number;
  /** The message has been a dead letter before: it then carries the attribute that a dead letter gets. */
  readonly isRedriven: boolean;
}
