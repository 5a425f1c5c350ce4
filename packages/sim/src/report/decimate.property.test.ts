import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketCountFor, bucketsOf, decimate, type Point } from "./decimate.ts";

const points: fc.Arbitrary<readonly Point[]> = fc
  .array(fc.record({ gapMs: fc.integer({ min: 0, max: 5_000 }), value: fc.integer({ min: -50, max: 50 }) }), {
    maxLength: 600,
  })
  .map((steps) => {
    let atMs = 0;
    return steps.map(({ gapMs, value }) => {
      atMs += gapMs;
      return { atMs, value };
    });
  });
const maxCount: fc.Arbitrary<number> = fc.integer({ min: 3, max: 100 });

test("a line is never longer than allowed, and a short one is left as it is", () => {
  fc.assert(
    fc.property(points, maxCount, (line, max) => {
      const kept = decimate(line, max);
      expect(kept.length).toBeLessThanOrEqual(max);
      if (line.length <= max) expect(kept).toEqual(line);
    }),
  );
});

test("the highest and the lowest value of each bucket survive, and the last point", () => {
  fc.assert(
    fc.property(points, maxCount, (line, max) => {
      const kept = new Set(decimate(line, max));
      for (const bucket of bucketsOf(line, bucketCountFor(max))) {
        const values = bucket.map(({ value }) => value);
        const keptValues = bucket.filter((point) => kept.has(point)).map(({ value }) => value);
        expect(keptValues).toContain(Math.max(...values));
        expect(keptValues).toContain(Math.min(...values));
      }
      const last = line.at(-1);
      if (last !== undefined) expect(kept).toContain(last);
    }),
  );
});

test("what is kept stays in its order, and buckets share out all points", () => {
  fc.assert(
    fc.property(points, maxCount, (line, max) => {
      const indexes = decimate(line, max).map((point) => line.indexOf(point));
      expect(indexes).toEqual(indexes.toSorted((one, other) => one - other));
      const buckets = bucketsOf(line, bucketCountFor(max));
      expect(buckets.flat()).toEqual(line);
      expect(buckets.length).toBeLessThanOrEqual(bucketCountFor(max));
    }),
  );
});
