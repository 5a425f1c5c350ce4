/** Counts of a mapping's work since it was created; every number only grows. */
export interface MappingCounters {
  messagesReceived: number;
  messagesDeleted: number;
  receiveErrors: number;
  /** Invocations that ran, redeliveries included; throttled ones did not run. */
  invocations: number;
  /** Invocations that were refused for lack of concurrency. */
  throttles: number;
  /** Batches of which nothing was deleted: function errors and answers that can't be read. */
  failedBatches: number;
  /** Batches of which some messages were reported as failed. */
  partialBatches: number;
  /** Batches that were throttled until their visibility had run out, or until the mapping stopped. */
  droppedBatches: number;
  /** Batches that were handed over a second time on purpose. */
  redeliveries: number;
  /**
   * Batches of which messages could not be deleted, or came too late for it: these come back although they are done.
   */
  deletionFailures: number;
}

/** All counters at zero. */
export function createCounters(): MappingCounters {
  return {
    messagesReceived: 0,
    messagesDeleted: 0,
    receiveErrors: 0,
    invocations: 0,
    throttles: 0,
    failedBatches: 0,
    partialBatches: 0,
    droppedBatches: 0,
    redeliveries: 0,
    deletionFailures: 0,
  };
}
