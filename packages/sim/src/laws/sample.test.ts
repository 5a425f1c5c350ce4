import { NO_EVIDENCE } from "@sluice/core/law";
import { expect, test } from "vitest";
import {
  dropCountOf,
  failureCountOf,
  faultCountOf,
  lossCountOf,
  refusalCountOf,
  sampleOf,
} from "./sample.ts";

const report = { kind: "report", epoch: 3, inFlightCount: 7 } as const;

test("is the mean latency of all calls that were answered, and the number of those that were dropped", () => {
  const evidence = {
    ...NO_EVIDENCE,
    okCount: 3,
    slowCount: 1,
    latencySumMs: 1_000,
    faultCount: 1,
    repeatFaultCount: 2,
    throttledCount: 4,
  };
  expect(sampleOf({ ...report, evidence }, dropCountOf)).toEqual({
    rttMs: 250,
    successCount: 4,
    dropCount: 5,
    inFlightCount: 7,
  });
});

test.each([
  ["drops", dropCountOf, 14],
  ["losses", lossCountOf, 11],
  ["refusals", refusalCountOf, 8],
  ["faults, of records that failed before too", faultCountOf, 106],
  ["failures, of records that failed before too", failureCountOf, 114],
])("counts %s", (_, countOf, count) => {
  const evidence = {
    ...NO_EVIDENCE,
    faultCount: 6,
    timeoutCount: 3,
    throttledCount: 8,
    repeatFaultCount: 100,
    rejectedCount: 1_000,
    unavailableCount: 1_000,
  };
  expect(countOf(evidence)).toBe(count);
});

test("has no latency if no call was answered", () => {
  const evidence = { ...NO_EVIDENCE, throttledCount: 2 };
  expect(sampleOf({ ...report, evidence }, dropCountOf)).toEqual({
    successCount: 0,
    dropCount: 2,
    inFlightCount: 7,
  });
});

test("is at least a millisecond", () => {
  const evidence = { ...NO_EVIDENCE, okCount: 1, latencySumMs: 0 };
  expect(sampleOf({ ...report, evidence }, dropCountOf)?.rttMs).toBe(1);
});

test("is none where calls say nothing of the provider, or nothing that the law takes for a drop", () => {
  const evidence = { ...NO_EVIDENCE, rejectedCount: 3, repeatFaultCount: 2, unavailableCount: 1 };
  expect(sampleOf({ ...report, evidence }, dropCountOf)).toBeUndefined();
  expect(sampleOf({ ...report, evidence: { ...evidence, faultCount: 1 } }, lossCountOf)).toBeUndefined();
});
