import { NO_EVIDENCE } from "@sluice/core/law";
import { expect, test } from "vitest";
import { sampleOf } from "./sample.ts";

const report = { kind: "report", epoch: 3, inFlightCount: 7 } as const;

test("is the mean latency of all calls that were answered, and the number of those that failed", () => {
  const evidence = {
    ...NO_EVIDENCE,
    okCount: 3,
    slowCount: 1,
    latencySumMs: 1_000,
    faultCount: 1,
    repeatFaultCount: 2,
    throttledCount: 4,
  };
  expect(sampleOf({ ...report, evidence })).toEqual({
    rttMs: 250,
    successCount: 4,
    dropCount: 7,
    inFlightCount: 7,
  });
});

test("has no latency if no call was answered", () => {
  const evidence = { ...NO_EVIDENCE, throttledCount: 2 };
  expect(sampleOf({ ...report, evidence })).toEqual({ successCount: 0, dropCount: 2, inFlightCount: 7 });
});

test("is at least a millisecond", () => {
  const evidence = { ...NO_EVIDENCE, okCount: 1, latencySumMs: 0 };
  expect(sampleOf({ ...report, evidence })?.rttMs).toBe(1);
});

test("is none where calls say nothing of the provider", () => {
  const evidence = { ...NO_EVIDENCE, rejectedCount: 3, unavailableCount: 1 };
  expect(sampleOf({ ...report, evidence })).toBeUndefined();
});
