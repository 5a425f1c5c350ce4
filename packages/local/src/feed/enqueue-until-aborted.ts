import {
  EnqueueInterrupted,
  type EnqueueOptions,
  type EnqueueResult,
  type RecordInput,
  type Scheduler,
} from "@sluice/core/scheduler";

/**
 * Enqueues records, and takes an abort for an end like any other: the result then counts what was enqueued before it.
 * @throws EnqueueInterrupted if the queue refuses for good or for too long
 */
export async function enqueueUntilAborted(
  scheduler: Scheduler,
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
