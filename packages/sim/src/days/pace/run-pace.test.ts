import { expect, test } from "vitest";
import type { PaceCase } from "./pace-story.ts";
import { type PaceRun, type Reading, runPace } from "./run-pace.ts";

const READ_EVERY_MS = 2_500;
/** Duration of a batch of short calls, about. What is under way has its end together, and no reading can tell it apart. */
const BATCH_MS = 3_000;

const CASES: readonly (readonly [seed: number, PaceCase])[] = [
  [1, { count: 100, maxConcurrency: 1, latencyMs: 1_000 }],
  [2, { count: 100, maxConcurrency: 1, latencyMs: 1_000 }],
  [1, { count: 40, maxConcurrency: 5, latencyMs: 20_000 }],
  [2, { count: 40, maxConcurrency: 5, latencyMs: 20_000 }],
  [1, { count: 200, maxConcurrency: 5, latencyMs: 1_000 }],
  [3, { count: 800, maxConcurrency: 5, latencyMs: 200 }],
  [1, { count: 300, maxConcurrency: 20, latencyMs: 20_000 }],
  [1, { count: 250, maxConcurrency: 50, latencyMs: 20_000 }],
];

test.each(CASES)(
  "on a steady day, a third of the way through a run its end is known within a fifth of the time left: seed %i, %o",
  async (seed, pace) => {
    const run = await runPace(pace, seed, READ_EVERY_MS);
    const { startedAtMs, completedAtMs, readings } = run;
    const fromMs = startedAtMs + (completedAtMs - startedAtMs) / 3;
    const late = readings.filter(({ atMs }) => atMs >= fromMs);
    expect(late.length).toBeGreaterThan(3);
    const wrong = late.filter((reading) => !isWithinAFifth(reading, run, Math.max(BATCH_MS, pace.latencyMs)));
    expect(wrong).toEqual([]);
    const silent = readings.filter(
      ({ atMs, endsAtMs }) => endsAtMs === undefined && atMs - startedAtMs >= 10_000,
    );
    expect(silent).toEqual([]);
  },
);

test.each<readonly [seed: number, PaceCase]>([
  [1, { count: 300, maxConcurrency: 5, latencyMs: 1_000 }],
  [2, { count: 900, maxConcurrency: 10, latencyMs: 1_000 }],
  [1, { count: 1_000, maxConcurrency: 50, latencyMs: 3_000 }],
  [4, { count: 3_000, maxConcurrency: 50, latencyMs: 3_000 }],
])(
  "in a first deploy's minutes, while its mappings open, the end is known within a fifth of the time left, or says by how much it is not: seed %i, %o",
  async (seed, pace) => {
    const run = await runPace({ ...pace, atMinute: 0 }, seed, READ_EVERY_MS);
    const told = run.readings.filter(({ endsAtMs }) => endsAtMs !== undefined);
    const batchMs = Math.max(BATCH_MS, pace.latencyMs);
    const wrong = told.filter(
      (reading) => !isWithinAFifth(reading, run, Math.max(batchMs, reading.endUnsureMs ?? 0)),
    );
    expect(wrong).toEqual([]);
    // The waker's first round tells of the provider.
    const silent = run.readings.filter(
      ({ atMs, endsAtMs }) => endsAtMs === undefined && atMs - run.startedAtMs > 60_000,
    );
    expect(silent).toEqual([]);
  },
);

/** True if what a reading said of the end is off by a fifth of the time left at most, or where that is less, by a batch. */
function isWithinAFifth(
  { atMs, endsAtMs = Number.POSITIVE_INFINITY }: Reading,
  { completedAtMs }: PaceRun,
  batchMs: number,
): boolean {
  return Math.abs(endsAtMs - completedAtMs) <= Math.max(0.2 * (completedAtMs - atMs), batchMs);
}
