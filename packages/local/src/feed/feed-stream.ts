import type { Clock } from "@sluice/core/ports";
import { generateRecords } from "../input/generate-records.ts";
import { type Enqueuer, enqueueUntilAborted } from "./enqueue-until-aborted.ts";

/** The rate, the end and the observer of a stream of records. */
export interface FeedStreamOptions {
  readonly ratePerSecond: number;
  /** Infinity: until aborted. */
  readonly durationMs: number;
  /** Sets this stream's records apart from those of any other. */
  readonly idPrefix: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called after each slice. */
  onProgress(progress: FeedProgress): void;
}

/** The counts of a stream so far. */
export interface FeedProgress {
  readonly acceptedCount: number;
  readonly rejectedCount: number;
  readonly elapsedMs: number;
}

/** Several slices a second make a steady stream; at low rates they cost batches that are not full. */
const SLICE_EVERY_MS = 250;

const NOTHING = { accepted: 0, rejectedCount: 0 };

/**
 * Enqueues made-up records at a steady rate until the time is up or `signal` aborts. Records that a slow queue has held
 * up are enqueued later, at once.
 * @throws EnqueueInterrupted if the queue refuses for good or for too long
 */
export async function feedStream(scheduler: Enqueuer, options: FeedStreamOptions): Promise<FeedProgress> {
  const { ratePerSecond, durationMs, idPrefix, clock, signal } = options;
  const ids = generateRecords(Number.POSITIVE_INFINITY, idPrefix);
  const startedAtMs = clock.nowMs();
  let takenCount = 0;
  let progress: FeedProgress = { acceptedCount: 0, rejectedCount: 0, elapsedMs: 0 };
  while (!signal.aborted && progress.elapsedMs < durationMs) {
    await clock.sleep(Math.min(SLICE_EVERY_MS, durationMs - progress.elapsedMs), signal);
    const elapsedMs = Math.min(durationMs, clock.nowMs() - startedAtMs);
    const dueCount = Math.max(0, Math.floor((elapsedMs * ratePerSecond) / 1_000) - takenCount);
    const slice = Array.from({ length: dueCount }, () => ids.next().value);
    takenCount += dueCount;
    // Each call is a run: none is made for nothing.
    const { accepted, rejectedCount } =
      slice.length === 0 ? NOTHING : await enqueueUntilAborted(scheduler, slice, { signal });
    progress = {
      acceptedCount: progress.acceptedCount + accepted,
      rejectedCount: progress.rejectedCount + rejectedCount,
      elapsedMs,
    };
    options.onProgress(progress);
  }
  return progress;
}
