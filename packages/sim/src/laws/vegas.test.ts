import { expect, test } from "vitest";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter } from "./fakes/report-of.ts";
import { type VegasMemory, vegasLaw } from "./vegas.ts";
import type { Tripping } from "./with-trip.ts";

const config = configOf({ maxConcurrency: 40 });
const big = { ...config, maxConcurrency: 500 };
const at = (estimatedLimit: number, noLoadMs = 100, probeCount = 0): Tripping<VegasMemory> => ({
  phase: "closed",
  limit: estimatedLimit,
  target: estimatedLimit,
  epoch: 5,
  memory: { estimatedLimit, noLoadMs, probeCount },
  failureCount: 0,
});

test("begins at X and takes the first round trip for the shortest", () => {
  const start = vegasLaw.initial(config, 0);
  expect(start).toMatchObject({ limit: 40, memory: { estimatedLimit: 40, probeCount: 0 } });
  const { state } = vegasLaw.decide(start, okAfter(300), config, 0);
  expect(state).toMatchObject({ limit: 40, memory: { noLoadMs: 300, probeCount: 1 } });
});

test.each([
  ["no queue: + 6", 10, okAfter(100), 16],
  ["a queue of ⌈10 · (1 - 100/111)⌉ = 1: + 6", 10, okAfter(111), 16],
  ["a queue of ⌈10 · (1 - 100/120)⌉ = 2: + 1", 10, okAfter(120), 11],
  ["a queue of ⌈10 · (1 - 100/150)⌉ = 4: nothing", 10, okAfter(150), 10],
  ["a queue of ⌈10 · (1 - 100/400)⌉ = 8: - 1", 10, okAfter(400), 9],
  ["a drop: - 1", 10, FAULT, 9],
  ["a drop at the bottom", 1, FAULT, 1],
  ["half of the limit in use: + 6", 10, okAfter(100, 5), 16],
  ["less than half of the limit in use: nothing", 10, okAfter(100, 4), 10],
  ["growth up to X", 38, okAfter(100), 40],
])("%s", (_, limit, observation, expected) => {
  expect(vegasLaw.decide(at(limit), observation, config, 0).state.limit).toBe(expected);
});

test("steps are twice as large from 100 on", () => {
  expect(vegasLaw.decide(at(100), FAULT, big, 0).state.limit).toBe(98);
  expect(vegasLaw.decide(at(100), okAfter(100), big, 0).state.limit).toBe(112);
});

test("a shorter round trip is the new shortest, and moves nothing", () => {
  const { state } = vegasLaw.decide(at(10), okAfter(60), config, 0);
  expect(state).toMatchObject({ limit: 10, memory: { noLoadMs: 60 } });
});

test("the shortest round trip is measured anew after 22.5 · L samples", () => {
  const before = vegasLaw.decide(at(10, 100, 223), okAfter(150), config, 0).state;
  expect(before.memory).toEqual({ estimatedLimit: 10, noLoadMs: 100, probeCount: 224 });
  const { state } = vegasLaw.decide(before, okAfter(150), config, 0);
  expect(state.memory).toEqual({ estimatedLimit: 10, noLoadMs: 150, probeCount: 0 });
});
