import { createDay } from "../create-day.ts";
import { daySchedulerOf } from "../day-scheduler.ts";
import { enqueuedAtMinute, type PaceCase, paceStoryOf, RUN_ID } from "./pace-story.ts";

/** The end of a run as its state foretold it at an instant. */
export interface Reading {
  readonly atMs: number;
  /** Absent while it said none. */
  readonly endsAtMs?: number;
  /** Time by which it said that the end may come sooner or later. */
  readonly endUnsureMs?: number;
}

/** A run on a steady day, from its being enqueued to its completion, as its caller sees it. */
export interface PaceRun {
  readonly startedAtMs: number;
  readonly completedAtMs: number;
  readonly readings: readonly Reading[];
}

/** A run that is not completed by then does not come to its end. */
const DURATION_MAX_MS = 12 * 60 * 60_000;

/**
 * Runs a case on virtual time, with the production use-cases on the simulated cloud, and reads the run's state through the
 * production scheduler every so often.
 * @throws RangeError if the run is not completed within twelve hours
 */
export async function runPace(pace: PaceCase, seed: number, readEveryMs: number): Promise<PaceRun> {
  const { parts } = createDay(paceStoryOf(pace, seed), {});
  const { clock, startMs } = parts;
  const scheduler = daySchedulerOf(parts, "scheduler-1");
  const startedAtMs = startMs + enqueuedAtMinute(pace) * 60_000;
  const readings: Reading[] = [];
  let completedAtMs: number | undefined;

  async function read(): Promise<void> {
    const atMs = clock.nowMs();
    const { completedAtMs: doneAtMs, endsAtMs, endUnsureMs } = (await scheduler.run(RUN_ID)) ?? {};
    if (doneAtMs !== undefined) completedAtMs = doneAtMs;
    else {
      readings.push({
        atMs,
        ...(endsAtMs !== undefined && { endsAtMs }),
        ...(endUnsureMs !== undefined && { endUnsureMs }),
      });
    }
  }

  for (let atMs = startedAtMs + readEveryMs; completedAtMs === undefined; atMs += readEveryMs) {
    if (atMs - startedAtMs > DURATION_MAX_MS) throw new RangeError("the run does not come to its end");
    clock.at(atMs, () => void read());
    await clock.run(atMs + readEveryMs - 1);
  }
  return { startedAtMs, completedAtMs, readings };
}
