import { expect, test } from "vitest";
import { SHADOW_RANGES } from "../provider/shadow-tuning.ts";
import { productionLaw, productionLawBeside } from "./production-law.ts";
import { SLUICE_TUNING } from "./sluice/tuning.ts";

test("each number of the law can be tried, and the one in force is within its range", () => {
  expect(Object.keys(SHADOW_RANGES)).toEqual(Object.keys(SLUICE_TUNING));
  for (const [name, value] of Object.entries(SLUICE_TUNING)) {
    const [min = Number.NaN, max = Number.NaN] = SHADOW_RANGES[name] ?? [];
    expect(value, name).toBeGreaterThanOrEqual(min);
    expect(value, name).toBeLessThanOrEqual(max);
  }
});

test("without numbers to try, nothing is beside the law", () => {
  expect(productionLawBeside(undefined)).toBe(productionLaw);
  expect(productionLawBeside({ cut: 0.5 }).name).toBe("sluice, shadowed by other numbers");
});
