import { expect, test } from "vitest";
import { calledAt } from "./fakes/called-at.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf } from "./fakes/report-of.ts";
import { type Gradient2Memory, gradient2FailuresLaw, gradient2Law, gradient2Limiter } from "./gradient2.ts";

const config = configOf({ maxConcurrency: 40 });
const at = (estimatedLimit: number): Gradient2Memory => ({
  estimatedLimit,
  longRttMs: 100,
  warmUpCount: 10,
  warmUpSumMs: 1_000,
});
const ok = (rttMs: number, inFlightCount = 1_000) => ({
  rttMs,
  successCount: 1,
  dropCount: 0,
  inFlightCount,
});
const DROP = { successCount: 0, dropCount: 1, inFlightCount: 1_000 };

test("begins at X", () => {
  expect(gradient2FailuresLaw.initial(config, 0)).toMatchObject({
    limit: 40,
    memory: { memory: { estimatedLimit: 40 } },
  });
});

test.each([
  ["no change of latency: 0.8 · 20 + 0.2 · (20 + 4)", 20, ok(100), 20.8],
  ["1.4 times as long is tolerated", 20, ok(140), 20.8],
  ["3 times as long: 0.8 · 20 + 0.2 · (0.50333 · 20 + 4)", 20, ok(300), 18.8133],
  ["10 times as long, at most halved: 0.8 · 20 + 0.2 · (0.5 · 20 + 4)", 20, ok(1_000), 18.8],
  ["at 2 the queue is 1: 0.8 · 2 + 0.2 · (2 + 1)", 2, ok(100), 2.2],
  ["a drop: 0.9 · 20", 20, DROP, 18],
  ["a drop at the bottom", 1, DROP, 1],
  ["up to X", 39.9, ok(100), 40],
  ["half of the limit in use", 20, ok(100, 10), 20.8],
  ["less than half of the limit in use: nothing", 20, ok(300, 9), 20],
])("%s", (_, limit, sample, expected) => {
  const memory = gradient2Limiter.update(at(limit), sample, config, 0);
  expect(memory.estimatedLimit).toBeCloseTo(expected, 4);
  expect(gradient2Limiter.limitOf(memory)).toBe(Math.floor(expected));
});

test("the long-term mean is the plain one for ten samples, then it moves by 2/601", () => {
  let memory = gradient2Limiter.startAt(40);
  for (const rttMs of [100, 120, 140]) memory = gradient2Limiter.update(memory, ok(rttMs), config, 0);
  expect(memory).toMatchObject({ longRttMs: 120, warmUpCount: 3 });
  expect(gradient2Limiter.update(at(20), ok(701), config, 0).longRttMs).toBeCloseTo(102, 10);
});

test("a mean of more than twice the last round trip is shortened by a twentieth", () => {
  const { longRttMs } = gradient2Limiter.update(at(20), ok(40), config, 0);
  expect(longRttMs).toBeCloseTo((100 - (60 * 2) / 601) * 0.95, 10);
});

test("steps once a window, which a fault spoils unless losses alone are drops", () => {
  const calls = [FAULT, ...Array.from({ length: 10 }, () => okAfter(100))];
  expect(calledAt(gradient2FailuresLaw, config, 0, calls).limit).toBe(36);
  expect(calledAt(gradient2Law, config, 0, calls).limit).toBe(40);
  expect(calledAt(gradient2Law, config, 0, [reportOf({ throttledCount: 1 }), ...calls]).limit).toBe(36);
});
