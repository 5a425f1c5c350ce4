import { expect, test } from "vitest";
import { answered, CONFIG, createLawHarness, type LawHarness } from "./fakes/law-harness.ts";

/** Calls whose latencies spread over orders of magnitude. */
const SIGMA = 1.7;

function usualMs({ state }: LawHarness): number {
  return Math.exp(state().usual?.mean ?? Number.NaN);
}

test("a usual latency that rests on few calls, which were short ones, follows those that come after", () => {
  const harness = createLawHarness();
  harness.wait(4 * CONFIG.medianMs);
  harness.report(answered(100, 1_000, SIGMA));
  expect(usualMs(harness)).toBeCloseTo(1_000, 0);
  harness.live(40, CONFIG.medianMs, () => answered(100, 1_650, SIGMA));
  expect(usualMs(harness)).toBeGreaterThan(1_500);
  expect(harness.decisions).toEqual([]);
});

test("one that rests on many does not creep up", () => {
  const harness = createLawHarness();
  harness.live(40, CONFIG.medianMs, () => answered(50));
  harness.live(200, CONFIG.medianMs, () => answered(50, 1_400));
  expect(usualMs(harness)).toBeCloseTo(1_000, 0);
});
