import type { PaceCase } from "./pace-story.ts";
import type { PaceRun, Reading } from "./run-pace.ts";

/** Duration of a batch of short calls, about. What is under way has its end together, and no reading can tell it apart. */
const BATCH_MS = 3_000;

/** The readings from a third of the way on. */
export function lateReadings({ startedAtMs, completedAtMs, readings }: PaceRun): readonly Reading[] {
  const fromMs = startedAtMs + (completedAtMs - startedAtMs) / 3;
  return readings.filter(({ atMs }) => atMs >= fromMs);
}

/**
 * True if what a reading said of the end is off by a fifth of the time left at most, or where that is less, by a batch, or by
 * as much as it said that it may be.
 */
export function isWithinAFifth(
  { atMs, endsAtMs = Number.POSITIVE_INFINITY, endUnsureMs = 0 }: Reading,
  { completedAtMs }: PaceRun,
  { latencyMs }: Pick<PaceCase, "latencyMs">,
): boolean {
  const wrongByMs = Math.abs(endsAtMs - completedAtMs);
  return wrongByMs <= Math.max(0.2 * (completedAtMs - atMs), BATCH_MS, latencyMs, endUnsureMs);
}

/** Time in which nothing may be told of a run in a first deploy, in ms: the waker's first round tells of the provider. */
const SILENT_MAX_MS = 60_000;

/** The readings of a run, enqueued while its mappings open for the first time, that are wrong, or silent for too long. */
export function wrongInFirstDeploy(run: PaceRun, pace: PaceCase): readonly Reading[] {
  return run.readings.filter((reading) =>
    reading.endsAtMs === undefined
      ? reading.atMs - run.startedAtMs > SILENT_MAX_MS
      : !isWithinAFifth(reading, run, pace),
  );
}
