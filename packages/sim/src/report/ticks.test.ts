import fc from "fast-check";
import { expect, test } from "vitest";
import { countTicks, minuteTicks } from "./ticks.ts";

test.each([
  [20, [0, 5, 10, 15, 20]],
  [1, [0, 1]],
  [7, [0, 2, 4, 6]],
  [1_000, [0, 500, 1_000]],
])("counts up to %d", (max, ticks) => {
  expect(countTicks(max, 4)).toEqual(ticks);
});

test.each([
  [120, [0, 20, 40, 60, 80, 100, 120]],
  [1.5, [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]],
  [1_440, [0, 240, 480, 720, 960, 1_200, 1_440]],
  [0, [0]],
])("minutes up to %d", (max, ticks) => {
  expect(minuteTicks(max, 7)).toEqual(ticks);
});

test("ticks start with 0, never pass the end, and are not crowded", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 100_000, noNaN: true }),
      fc.integer({ min: 1, max: 12 }),
      (max, count) => {
        for (const ticks of [countTicks(max, count), minuteTicks(max, count)]) {
          expect(ticks[0]).toBe(0);
          expect(ticks.at(-1)).toBeLessThanOrEqual(max + 0.01);
          expect(ticks.length).toBeLessThanOrEqual(count + 1);
        }
      },
    ),
  );
});
