import fc from "fast-check";
import { expect, test } from "vitest";
import { backOffMs } from "./back-off.ts";

const HOUR_MS = 3_600_000;

const backOffs = fc
  .tuple(fc.integer({ min: 1_000, max: 12 * HOUR_MS }), fc.integer({ min: 1_000, max: 12 * HOUR_MS }))
  .map(([one, other]) => ({ firstMs: Math.min(one, other), maxMs: Math.max(one, other) }));
const tries = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 1_000_000 }));
const draws = fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1_000);

test("a wait is a whole number, from half the first wait to the longest", () => {
  fc.assert(
    fc.property(backOffs, tries, draws, (backOff, count, draw) => {
      const waitMs = backOffMs(backOff, count, { next: () => draw });
      expect(Number.isInteger(waitMs)).toBe(true);
      expect(waitMs).toBeGreaterThanOrEqual(backOff.firstMs / 2);
      expect(waitMs).toBeLessThanOrEqual(backOff.maxMs);
    }),
  );
});

test("with the same draw, no wait is shorter than the one before", () => {
  fc.assert(
    fc.property(backOffs, tries, draws, (backOff, count, draw) => {
      const random = { next: () => draw };
      expect(backOffMs(backOff, count + 1, random)).toBeGreaterThanOrEqual(backOffMs(backOff, count, random));
    }),
  );
});

test.each([
  [0, 500, 1_000],
  [1, 500, 1_000],
  [2, 1_000, 2_000],
  [3, 2_000, 4_000],
  [4, 2_500, 5_000],
  [1_000, 2_500, 5_000],
])("after try %i the wait is drawn from %i to %i ms", (count, shortestMs, longestMs) => {
  const backOff = { firstMs: 1_000, maxMs: 5_000 };
  expect(backOffMs(backOff, count, { next: () => 0 })).toBe(shortestMs);
  expect(backOffMs(backOff, count, { next: () => 1 - 2 ** -53 })).toBe(longestMs);
});
