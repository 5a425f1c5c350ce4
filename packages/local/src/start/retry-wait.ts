import type { VirtualQueue } from "@sluice/sim/cloud/sqs";
import type { RetryWait } from "./run-progress.ts";

/** The part of a queue that tells who waits in it. */
export type WaitingRoom = Pick<VirtualQueue["contents"], "depth" | "nextRevealAtMs" | "size">;

/**
 * The wait of queues in which nobody can see a message before an instant, while no function has one in its hands;
 * undefined if one can be seen, or none is left.
 */
export function retryWaitOf(queues: readonly WaitingRoom[]): RetryWait | undefined {
  const nextAtMs = Math.min(...queues.map((queue) => queue.nextRevealAtMs()));
  if (!Number.isFinite(nextAtMs) || queues.some((queue) => queue.depth().visibleCount > 0)) return undefined;
  return { count: queues.reduce((sum, queue) => sum + queue.size(), 0), nextAtMs };
}
