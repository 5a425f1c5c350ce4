import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callWindowSchema, failureRateOf, slide } from "./sliding-window.ts";

describe("a window of calls", () => {
  test("keeps the last ones, and forgets the oldest first", () => {
    const full = slide("", { passedCount: 2, failedCount: 2 }, 4);
    expect(full).toBe("xx..");
    expect(slide(full, { passedCount: 0, failedCount: 1 }, 4)).toBe("x..x");
    expect(slide(full, { passedCount: 3, failedCount: 0 }, 4)).toBe("....");
  });

  test("tells the share of those that failed", () => {
    expect(failureRateOf("x..x")).toBe(0.5);
    expect(failureRateOf("")).toBe(0);
  });

  test("keeps its size, and the share of a report that fills it alone", () => {
    const counts = fc.nat(100_000);
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 1, max: 100 }), (passedCount, failedCount, size) => {
        const window = slide("x".repeat(size), { passedCount, failedCount }, size);
        expect(window).toHaveLength(size);
        expect(callWindowSchema.parse(window)).toBe(window);
        const totalCount = passedCount + failedCount;
        if (totalCount < size) return;
        expect(Math.abs(failureRateOf(window) - failedCount / totalCount)).toBeLessThanOrEqual(1 / size);
      }),
    );
  });
});
