import { expect, test } from "vitest";
import { calledAt } from "./fakes/called-at.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf } from "./fakes/report-of.ts";
import { type VegasMemory, vegasFailuresLaw, vegasLaw, vegasLimiter } from "./vegas.ts";

const config = configOf({ maxConcurrency: 40 });
const big = { ...config, maxConcurrency: 500 };
const at = (estimatedLimit: number, noLoadMs = 100, probeCount = 0): VegasMemory => ({
  estimatedLimit,
  noLoadMs,
  probeCount,
});
const ok = (rttMs: number, inFlightCount = 1_000) => ({
  rttMs,
  successCount: 1,
  dropCount: 0,
  inFlightCount,
});
const DROP = { successCount: 0, dropCount: 1, inFlightCount: 1_000 };

test("begins at X and takes the first round trip for the shortest", () => {
  const start = vegasLimiter.startAt(40);
  expect(start).toEqual({ estimatedLimit: 40, probeCount: 0 });
  expect(vegasLimiter.update(start, ok(300), config, 0)).toEqual(at(40, 300, 1));
});

test.each([
  ["no queue: + 6", 10, ok(100), 16],
  ["a queue of ⌈10 · (1 - 100/111)⌉ = 1: + 6", 10, ok(111), 16],
  ["a queue of ⌈10 · (1 - 100/120)⌉ = 2: + 1", 10, ok(120), 11],
  ["a queue of ⌈10 · (1 - 100/150)⌉ = 4: nothing", 10, ok(150), 10],
  ["a queue of ⌈10 · (1 - 100/400)⌉ = 8: - 1", 10, ok(400), 9],
  ["a drop: - 1", 10, DROP, 9],
  ["a drop at the bottom", 1, DROP, 1],
  ["half of the limit in use: + 6", 10, ok(100, 5), 16],
  ["less than half of the limit in use: nothing", 10, ok(100, 4), 10],
  ["growth up to X", 38, ok(100), 40],
])("%s", (_, limit, sample, expected) => {
  expect(vegasLimiter.limitOf(vegasLimiter.update(at(limit), sample, config, 0))).toBe(expected);
});

test("steps are twice as large from 100 on", () => {
  expect(vegasLimiter.update(at(100), DROP, big, 0)).toMatchObject({ estimatedLimit: 98 });
  expect(vegasLimiter.update(at(100), ok(100), big, 0)).toMatchObject({ estimatedLimit: 112 });
});

test("a shorter round trip is the new shortest, and moves nothing", () => {
  expect(vegasLimiter.update(at(10), ok(60), config, 0)).toEqual(at(10, 60, 1));
});

test("the shortest round trip is measured anew after 22.5 · L samples", () => {
  const before = vegasLimiter.update(at(10, 100, 223), ok(150), config, 0);
  expect(before).toEqual(at(10, 100, 224));
  expect(vegasLimiter.update(before, ok(150), config, 0)).toEqual(at(10, 150, 0));
});

test("steps once a window, whose mean hides a single short call", () => {
  const state = calledAt(vegasFailuresLaw, config, 0, [
    okAfter(10),
    ...Array.from({ length: 9 }, () => okAfter(100)),
  ]);
  expect(state.memory.memory).toMatchObject({ estimatedLimit: 40, noLoadMs: 91 });
});

test("a fault spoils a window, unless losses alone are drops", () => {
  const calls = [FAULT, ...Array.from({ length: 10 }, () => okAfter(100))];
  expect(calledAt(vegasFailuresLaw, config, 0, calls).limit).toBe(39);
  expect(calledAt(vegasLaw, config, 0, calls).limit).toBe(40);
  expect(calledAt(vegasLaw, config, 0, [reportOf({ throttledCount: 1 }), ...calls]).limit).toBe(39);
});
