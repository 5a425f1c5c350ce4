import {
  EnqueueInterrupted,
  type EnqueueOptions,
  type EnqueueResult,
  type RecordInput,
  type Scheduler,
} from "@sluice/core/scheduler";

/** The part of a scheduler that feeds a queue. */
export type Enqueuer = Pick<Scheduler, "enqueue">;

/**
 * Enqueues records, and takes an abort for an end like any other: the result then counts what was enqueued before it.
 * @throws EnqueueInterrupted if the queue refuses for good or for too long
 */
export async function enqueueUntilAborted(
  scheduler: Enqueuer,
  records: RecordInput,
  options: EnqueueOptions & { readonly signal: AbortSignal },
): Promise<EnqueueResult> {
  try {
    return await scheduler.enqueue(records, options);
  } catch (thrown) {
    if (thrown instanceof EnqueueInterrupted && options.signal.aborted) return thrown.result;
    throw thrown;
  }
}
