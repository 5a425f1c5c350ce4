import { expect, test } from "vitest";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter } from "./fakes/report-of.ts";
import { type Gradient2Memory, gradient2Law } from "./gradient2.ts";
import type { Tripping } from "./with-trip.ts";

const config = configOf({ maxConcurrency: 40 });
const at = (estimatedLimit: number): Tripping<Gradient2Memory> => ({
  phase: "closed",
  limit: Math.floor(estimatedLimit),
  target: Math.floor(estimatedLimit),
  epoch: 5,
  memory: { estimatedLimit, longRttMs: 100, warmUpCount: 10, warmUpSumMs: 1_000 },
  failureCount: 0,
});

test("begins at X", () => {
  expect(gradient2Law.initial(config, 0)).toMatchObject({ limit: 40, memory: { estimatedLimit: 40 } });
});

test.each([
  ["no change of latency: 0.8 · 20 + 0.2 · (20 + 4)", 20, okAfter(100), 20.8],
  ["1.4 times as long is tolerated", 20, okAfter(140), 20.8],
  ["3 times as long: 0.8 · 20 + 0.2 · (0.50333 · 20 + 4)", 20, okAfter(300), 18.8133],
  ["10 times as long, at most halved: 0.8 · 20 + 0.2 · (0.5 · 20 + 4)", 20, okAfter(1_000), 18.8],
  ["at 2 the queue is 1: 0.8 · 2 + 0.2 · (2 + 1)", 2, okAfter(100), 2.2],
  ["a drop: 0.9 · 20", 20, FAULT, 18],
  ["a drop at the bottom", 1, FAULT, 1],
  ["up to X", 39.9, okAfter(100), 40],
  ["half of the limit in use", 20, okAfter(100, 10), 20.8],
  ["less than half of the limit in use: nothing", 20, okAfter(300, 9), 20],
])("%s", (_, limit, observation, expected) => {
  const { state } = gradient2Law.decide(at(limit), observation, config, 0);
  expect(state.memory.estimatedLimit).toBeCloseTo(expected, 4);
  expect(state.limit).toBe(Math.floor(expected));
});

test("the long-term mean is the plain one for ten samples, then it moves by 2/601", () => {
  let state = gradient2Law.initial(config, 0);
  for (const latencyMs of [100, 120, 140]) {
    state = gradient2Law.decide(state, okAfter(latencyMs), config, 0).state;
  }
  expect(state.memory).toMatchObject({ longRttMs: 120, warmUpCount: 3 });
  const { memory } = gradient2Law.decide(at(20), okAfter(701), config, 0).state;
  expect(memory.longRttMs).toBeCloseTo(102, 10);
});

test("a mean of more than twice the last round trip is shortened by a twentieth", () => {
  const { memory } = gradient2Law.decide(at(20), okAfter(40), config, 0).state;
  expect(memory.longRttMs).toBeCloseTo((100 - (60 * 2) / 601) * 0.95, 10);
});
