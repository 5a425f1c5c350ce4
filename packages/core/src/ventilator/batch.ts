import type { Queue, ReceivedMessage } from "../ports/queue.ts";

/** One invocation of the ventilator. */
export interface Batch {
  readonly messages: readonly ReceivedMessage[];
  /** Where they came from. */
  readonly queue: Queue;
  /** When the ventilator itself is stopped. */
  readonly deadlineAtMs: number;
  /** Records in flight together. */
  readonly fanOut: number;
  /** Whether this is the breaker's probe: it runs while nobody else may. */
  readonly isProbe?: boolean;
}
