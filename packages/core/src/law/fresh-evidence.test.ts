import { expect, test } from "vitest";
import { NO_EVIDENCE, plus } from "./evidence.ts";
import { freshEvidence } from "./fresh-evidence.ts";

const SEEN = plus(NO_EVIDENCE, { okCount: 3, faultCount: 1, lnLatencySum: 7 });

test("what was added since is fresh", () => {
  const total = plus(SEEN, { okCount: 2, lnLatencySum: 5 });
  expect(freshEvidence(total, SEEN)).toEqual({
    evidence: plus(NO_EVIDENCE, { okCount: 2, lnLatencySum: 5 }),
    hasChanged: true,
    isOvertaken: false,
  });
});

test("nothing new is no change", () => {
  expect(freshEvidence(SEEN, SEEN)).toEqual({ evidence: NO_EVIDENCE, hasChanged: false, isOvertaken: false });
});

test("less than was seen is overtaken, and never shown below zero", () => {
  const total = plus(NO_EVIDENCE, { okCount: 1, faultCount: 2, lnLatencySum: 9 });
  expect(freshEvidence(total, SEEN)).toEqual({
    evidence: plus(NO_EVIDENCE, { faultCount: 1, lnLatencySum: 2 }),
    hasChanged: true,
    isOvertaken: true,
  });
});

test("sums that differ by the rounding of their parts alone are not overtaken", () => {
  const total = { ...SEEN, lnLatencySum: SEEN.lnLatencySum - 1e-9 };
  expect(freshEvidence(total, SEEN).isOvertaken).toBe(false);
});
