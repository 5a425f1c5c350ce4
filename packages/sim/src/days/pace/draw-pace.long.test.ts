import { expect, test } from "vitest";
import { drawPace } from "./draw-pace.ts";
import { isWithinAFifth, lateReadings, wrongInFirstDeploy } from "./judge-pace.ts";
import type { PaceCase } from "./pace-story.ts";
import { runPace } from "./run-pace.ts";

const TEST = { timeout: 300_000 };
/** Runs that nothing was chosen for. */
const SEEDS = Array.from({ length: 12 }, (_, index) => 501 + index);
const READ_EVERY_MS = 2_500;

test(
  "of drawn runs on steady days eleven in twelve know their end within a fifth of the time left, from a third on",
  TEST,
  async () => {
    const wrong: number[] = [];
    for (const seed of SEEDS) {
      const pace = drawPace(seed);
      const run = await runPace(pace, seed, READ_EVERY_MS);
      if (!lateReadings(run).every((reading) => isWithinAFifth(reading, run, pace))) wrong.push(seed);
    }
    expect(wrong.length).toBeLessThanOrEqual(1);
  },
);

test.each<readonly [seed: number, PaceCase]>([
  [1, { count: 1_000, maxConcurrency: 50, latencyMs: 3_000 }],
  [4, { count: 3_000, maxConcurrency: 50, latencyMs: 3_000 }],
])(
  "in a first deploy's minutes the end of a large run is known, or by how much it is not: seed %i, %o",
  TEST,
  async (seed, pace) => {
    const run = await runPace({ ...pace, atMinute: 0 }, seed, READ_EVERY_MS);
    expect(wrongInFirstDeploy(run, pace)).toEqual([]);
  },
);
