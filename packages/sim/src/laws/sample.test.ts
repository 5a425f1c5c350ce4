import { NO_EVIDENCE } from "@sluice/core/law";
import { expect, test } from "vitest";
import { failureCountOf, faultCountOf, lossCountOf, refusalCountOf, sampleOf } from "./sample.ts";

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
  expect(sampleOf({ ...report, evidence }, failureCountOf)).toEqual({
    rttMs: 250,
    successCount: 4,
    dropCount: 5,
    inFlightCount: 7,
  });
});

test.each([
  ["failures", failureCountOf, 14],
  ["losses", lossCountOf, 11],
  ["faults", faultCountOf, 6],
  ["refusals", refusalCountOf, 8],
])("counts %s, none of them for what the record is", (_, dropCountOf, count) => {
  const evidence = {
    ...NO_EVIDENCE,
    faultCount: 6,
    timeoutCount: 3,
    throttledCount: 8,
    repeatFaultCount: 100,
    rejectedCount: 100,
    unavailableCount: 100,
  };
  expect(dropCountOf(evidence)).toBe(count);
});

test("has no latency if no call was answered", () => {
  const evidence = { ...NO_EVIDENCE, throttledCount: 2 };
  expect(sampleOf({ ...report, evidence }, failureCountOf)).toEqual({
    successCount: 0,
    dropCount: 2,
    inFlightCount: 7,
  });
});

test("is at least a millisecond", () => {
  const evidence = { ...NO_EVIDENCE, okCount: 1, latencySumMs: 0 };
  expect(sampleOf({ ...report, evidence }, failureCountOf)?.rttMs).toBe(1);
});

test("is none where calls say nothing of the provider, or nothing that the law takes for a drop", () => {
  const evidence = { ...NO_EVIDENCE, rejectedCount: 3, repeatFaultCount: 2, unavailableCount: 1 };
  expect(sampleOf({ ...report, evidence }, failureCountOf)).toBeUndefined();
  expect(sampleOf({ ...report, evidence: { ...evidence, faultCount: 1 } }, lossCountOf)).toBeUndefined();
});
