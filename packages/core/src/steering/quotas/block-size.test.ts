import { expect, test } from "vitest";
import { blockSizeOf, isSpacingAboveX, permitsForSpacing } from "./block-size.ts";

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

test("a batch asks for as many permits as the spacing keeps busy, and leaves some to the next one", () => {
  expect(permitsForSpacing({ intervalMs: 100, maxConcurrency: 20, meanLatencyMs: 300 })).toBe(7);
  expect(permitsForSpacing({ intervalMs: 100, maxConcurrency: 10, meanLatencyMs: 300 })).toBe(4);
  expect(permitsForSpacing({ intervalMs: 100, maxConcurrency: 1, meanLatencyMs: 300 })).toBe(1);
  expect(isSpacingAboveX({ intervalMs: 100, maxConcurrency: 20, meanLatencyMs: 300 })).toBe(true);
  expect(isSpacingAboveX({ intervalMs: 100, maxConcurrency: 4, meanLatencyMs: 300 })).toBe(false);
});
