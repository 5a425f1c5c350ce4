import type { EnqueueResult, Scheduler } from "@sluice/core/scheduler";
import { enqueueUntilAborted } from "../feed/enqueue-until-aborted.ts";
import type { RunInput } from "./input.ts";
import { RUN_ID } from "./run-ledger.ts";

/** The records of a run that have been enqueued. */
export interface EnqueuedInput {
  readonly enqueued: EnqueueResult;
  /** Records asked for a second time, through the express queue. */
  readonly expressCount: number;
}

/** Share of the records, at each end of the input, that users ask for ad hoc although the bulk has them. */
const EXPRESS_RATIO = 0.02;
/** Most records of each end. */
const EXPRESS_MAX = 100;

/**
 * Enqueues the bulk, then asks for some of its records again as users do: the latest, which wait, and the first.
 * @throws EnqueueInterrupted if the queue refuses for good or for too long
 */
export async function enqueueInput(
  scheduler: Scheduler,
  input: RunInput,
  signal: AbortSignal,
): Promise<EnqueuedInput> {
  const enqueued = await enqueueUntilAborted(scheduler, input.records(), { signal, runId: RUN_ID });
  const ids = [...input.expectedIds];
  const expressCount = Math.min(EXPRESS_MAX, Math.ceil(ids.length * EXPRESS_RATIO));
  const asked = [...ids.slice(-expressCount), ...ids.slice(0, expressCount)].slice(0, ids.length);
  const express = await enqueueUntilAborted(scheduler, new Set(asked), { signal, lane: "express" });
  return { enqueued, expressCount: express.accepted };
}
