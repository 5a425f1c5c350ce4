import fc from "fast-check";
import { expect, test } from "vitest";
import { fateOf, lotOf } from "./record-fate.ts";
import { DEFAULT_SCENARIO } from "./scenario-defaults.ts";

const provider = { ...DEFAULT_SCENARIO.provider, poisonRatio: 0.02, rejectedRatio: 0.05 };

test("a record's lot is in [0, 1), and the same each time", () => {
  fc.assert(
    fc.property(fc.integer(), fc.string({ unit: "binary" }), (seed, recordId) => {
      const lot = lotOf(seed, recordId);
      expect(lot).toBeGreaterThanOrEqual(0);
      expect(lot).toBeLessThan(1);
      expect(lotOf(seed, recordId)).toBe(lot);
    }),
  );
});

test.each([1, 2, 424_242])("with seed %d the bad records are near their share", (seed) => {
  const fates = Array.from({ length: 100_000 }, (_, at) => fateOf(provider, seed, `record-${at}`));
  expect(fates.filter((fate) => fate === "poison").length / 2_000).toBeCloseTo(1, 0);
  expect(fates.filter((fate) => fate === "unknown").length / 5_000).toBeCloseTo(1, 0);
});

test("another seed makes other records bad", () => {
  const badWith = (seed: number) =>
    Array.from({ length: 10_000 }, (_, at) => `record-${at}`).filter(
      (recordId) => fateOf(provider, seed, recordId) !== "healthy",
    );
  const first = new Set(badWith(1));
  const inBothCount = badWith(2).filter((recordId) => first.has(recordId)).length;
  expect(first.size).toBeGreaterThan(500);
  expect(inBothCount).toBeLessThan(150);
});
