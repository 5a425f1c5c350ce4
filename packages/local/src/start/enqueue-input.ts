import {
  EnqueueInterrupted,
  type EnqueueOptions,
  type EnqueueResult,
  type Scheduler,
} from "@sluice/core/scheduler";
import type { RunInput } from "./input.ts";

/** What has been enqueued. */
export interface Fed {
  readonly enqueued: EnqueueResult;
  /** Records asked for a second time, through the express queue. */
  readonly expressCount: number;
}

/** Users ask for one record in fifty ad hoc, although the bulk has it. */
const EXPRESS_RATIO = 0.02;
const EXPRESS_MAX = 100;

/** Enqueues the bulk, then asks for some of its records again as users do: the latest, which wait, and the first. */
export async function feed(scheduler: Scheduler, input: RunInput, signal: AbortSignal): Promise<Fed> {
  const enqueued = await enqueueUntilAborted(scheduler, input.records(), { signal });
  const ids = [...input.expectedIds];
  const expressCount = Math.min(EXPRESS_MAX, Math.ceil(ids.length * EXPRESS_RATIO));
  const asked = [...ids.slice(-expressCount), ...ids.slice(0, expressCount)].slice(0, ids.length);
  const express = await enqueueUntilAborted(scheduler, new Set(asked), { signal, lane: "express" });
  return { enqueued, expressCount: express.accepted };
}

/** An interrupted run is not an error here: what it has enqueued so far is judged like any other. */
async function enqueueUntilAborted(
  scheduler: Scheduler,
  records: Iterable<unknown> | AsyncIterable<unknown>,
  options: EnqueueOptions,
): Promise<EnqueueResult> {
  try {
    return await scheduler.enqueue(records, options);
  } catch (thrown) {
    if (thrown instanceof EnqueueInterrupted && options.signal?.aborted) return thrown.result;
    throw thrown;
  }
}
