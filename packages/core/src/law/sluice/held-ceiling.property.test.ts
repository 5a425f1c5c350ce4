import fc from "fast-check";
import { expect, test } from "vitest";
import { CONFIG } from "./fakes/law-harness.ts";
import { heldStepMax } from "./held-ceiling.ts";
import type { Closed } from "./state.ts";
import { initialState } from "./transitions.ts";
import { SLUICE_TUNING } from "./tuning.ts";

const X = 100;
const config = { ...CONFIG, maxConcurrency: X };
const BAN_HOLDS = 20;

/** The largest step at a limit, some time after a ceiling was met; times are in ms. */
function stepMax(limit: number, ceiling: number, holdMs: number, metForMs: number): number {
  const keptForMs = BAN_HOLDS * holdMs;
  const state: Closed = {
    ...initialState(config, 0),
    limit,
    ceiling: { limit: ceiling, untilMs: keptForMs, keptForMs, isByLatency: false, holdMs },
  };
  return heldStepMax(state, { config, tuning: SLUICE_TUNING, nowMs: metForMs });
}

/** A limit below a ceiling, a hold, and a time after it was met: all while the ceiling is banned. */
const cases = fc
  .record({
    limit: fc.integer({ min: 1, max: X - 1 }),
    holdMs: fc.integer({ min: 1_000, max: 3_600_000 }),
    holds: fc.double({ min: 0, max: BAN_HOLDS - 0.1, noNaN: true }),
    gap: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ limit, holdMs, holds, gap }) => ({
    limit,
    holdMs,
    metForMs: holds * holdMs,
    ceiling: limit + 1 + Math.floor(gap * (X - 1 - limit)),
  }));

test("a step costs at most a tenth of the time in holds, and is expected to gain more than they cost", () => {
  fc.assert(
    fc.property(cases, ({ limit, ceiling, holdMs, metForMs }) => {
      const step = stepMax(limit, ceiling, holdMs, metForMs);
      const refusedShare = step / (ceiling - limit);
      expect(refusedShare * holdMs).toBeLessThanOrEqual(metForMs / 10 + 1);
      if (step > 0) {
        expect(metForMs * step * (1 - refusedShare)).toBeGreaterThan(holdMs * limit * refusedShare);
        expect(limit + step).toBeLessThan(ceiling);
      }
    }),
    { numRuns: 300 },
  );
});

test("the longer a ceiling is known, the larger a step may be", () => {
  fc.assert(
    fc.property(cases, ({ limit, ceiling, holdMs, metForMs }) => {
      const later = stepMax(limit, ceiling, holdMs, metForMs * 1.5);
      expect(later).toBeGreaterThanOrEqual(stepMax(limit, ceiling, holdMs, metForMs));
    }),
  );
});

test.each([
  ["none at once", 50, 100, 0, 0],
  ["none for a small gain", 95, 100, 10, 0],
  ["half of the way when much is known", 50, 100, 15, 23],
  ["one at least when the ban is over", 99, 100, 21, 1],
])("%s", (_, limit, ceiling, holds, step) => {
  expect(stepMax(limit, ceiling, 30_000, holds * 30_000)).toBe(step);
});
