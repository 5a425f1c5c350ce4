import { expect, test } from "vitest";
import { isWithinAFifth, lateReadings, wrongInFirstDeploy } from "./judge-pace.ts";
import type { PaceCase } from "./pace-story.ts";
import { runPace } from "./run-pace.ts";

const READ_EVERY_MS = 2_500;

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
    const { startedAtMs, readings } = run;
    const late = lateReadings(run);
    expect(late.length).toBeGreaterThan(3);
    const wrong = late.filter((reading) => !isWithinAFifth(reading, run, pace));
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
])(
  "in a first deploy's minutes, while its mappings open, the end is known within a fifth of the time left, or says by how much it is not: seed %i, %o",
  async (seed, pace) => {
    const run = await runPace({ ...pace, atMinute: 0 }, seed, READ_EVERY_MS);
    expect(wrongInFirstDeploy(run, pace)).toEqual([]);
  },
);
