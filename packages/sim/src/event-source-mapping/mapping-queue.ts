/** The queue of a mapping. Each call rejects when the queue can't be had now; the mapping tries again. */
export interface MappingQueue {
  /** The time for which a received message is hidden from other receives. */
  readonly visibilityTimeoutMs: number;
  /** Answers at once when there are messages; otherwise waits some seconds for them, then answers none. */
  receive(maxMessages: number): Promise<readonly QueuedMessage[]>;
  /**
   * Deletes messages for good, and returns the handles of those that stay because their visibility had ended: no
   * further attempt would help. Deleting one twice is no error.
   */
  deleteMessages(receiptHandles: readonly string[]): Promise<readonly string[]>;
}

/** A message as SQS hands it out. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** SQS's own attributes, such as ApproximateReceiveCount, SentTimestamp and MessageGroupId. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
}

/** A sender's attribute; binary values are in base64. */
export interface MessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: string;
}
