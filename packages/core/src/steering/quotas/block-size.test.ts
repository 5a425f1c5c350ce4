import fc from "fast-check";
import { expect, test } from "vitest";
import { batchesForSpacing, blockSizeOf, isSpacingAboveX, permitsForSpacing } from "./block-size.ts";

const SPACING = { intervalMs: 100, lateMaxMs: 250 };

test.each([
  [
    "all, with a permit for each instant",
    { leftCount: 10, permitCount: 7, idleCount: 1, meanLatencyMs: 300 },
    10,
  ],
  [
    "one for its only permit, where a call lasts longer",
    { leftCount: 10, permitCount: 1, idleCount: 1, meanLatencyMs: 300 },
    1,
  ],
  ["those that are idle", { leftCount: 10, permitCount: 4, idleCount: 3, meanLatencyMs: 800 }, 3],
  ["no more than is left", { leftCount: 2, permitCount: 9, idleCount: 9, meanLatencyMs: 300 }, 2],
])("a batch reserves %s", (_, ahead, count) => {
  expect(blockSizeOf(ahead, SPACING)).toBe(count);
});

test("without a spacing a batch reserves all that is left", () => {
  expect(blockSizeOf({ leftCount: 7, permitCount: 1, idleCount: 1, meanLatencyMs: 9 }, undefined)).toBe(7);
});

const SPACED = { intervalMs: 100, limit: 20, meanLatencyMs: 300 };

test("a batch asks for as many permits as the spacing keeps busy, and leaves some to the next one", () => {
  expect(permitsForSpacing(SPACED, 10)).toBe(7);
  expect(permitsForSpacing({ ...SPACED, limit: 10 }, 10)).toBe(4);
  expect(permitsForSpacing({ ...SPACED, limit: 1 }, 10)).toBe(1);
  expect(permitsForSpacing(SPACED, 3)).toBe(3);
  expect(isSpacingAboveX(SPACED)).toBe(true);
  expect(isSpacingAboveX({ ...SPACED, limit: 4 })).toBe(false);
});

test("the nearer a spacing comes to X, the fewer permits a batch has, so that none is idle while its last calls end", () => {
  const counts = [50, 35, 26, 17].map((intervalMs) => permitsForSpacing({ ...SPACED, intervalMs }, 10));
  expect(counts).toEqual([7, 4, 2, 1]);
});

test("there are as many batches as have their permits, and some to spare where X is much more than the spacing needs", () => {
  expect(batchesForSpacing({ ...SPACED, intervalMs: 35 }, 10, 4)).toBe(5);
  expect(batchesForSpacing({ ...SPACED, intervalMs: 17 }, 10, 1)).toBe(20);
  expect(batchesForSpacing(SPACED, 10, 7)).toBe(3);
});

test("batches have as many permits together as the spacing has calls in flight, or all that the limit allows", () => {
  const calls = fc.record({
    intervalMs: fc.double({ min: 1, max: 60_000, noNaN: true }),
    limit: fc.integer({ min: 1, max: 500 }),
    meanLatencyMs: fc.double({ min: 5, max: 70_000, noNaN: true }),
  });
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 10 }), (spaced, recordCount) => {
      const permitCount = permitsForSpacing(spaced, recordCount);
      const batchCount = batchesForSpacing(spaced, recordCount, permitCount);
      const inFlightCount = Math.min(spaced.limit, spaced.meanLatencyMs / spaced.intervalMs);
      expect(Math.min(spaced.limit, batchCount * permitCount)).toBeGreaterThanOrEqual(inFlightCount);
      expect(permitCount).toBeLessThanOrEqual(Math.min(spaced.limit, recordCount));
    }),
  );
});
