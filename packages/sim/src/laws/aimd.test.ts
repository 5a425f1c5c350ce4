import { expect, test } from "vitest";
import type { AimdMemory } from "./aimd.ts";
import { aimdFailuresLaw, aimdLaw } from "./aimd.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf } from "./fakes/report-of.ts";
import type { Tripping } from "./with-trip.ts";

const config = configOf();
const at = (limit: number): Tripping<AimdMemory> => ({
  phase: "closed",
  limit,
  target: limit,
  epoch: 5,
  memory: { limit },
  failureCount: 0,
});

test("begins at X", () => {
  expect(aimdFailuresLaw.initial(config, 0)).toEqual({ ...at(20), epoch: 0 });
});

test.each([
  ["a fault", 20, FAULT, 18],
  ["a fault, rounded down", 18, FAULT, 16],
  ["a fault at 2", 2, FAULT, 1],
  ["a fault at 1", 1, FAULT, 1],
  ["a refusal", 20, reportOf({ throttledCount: 1 }), 18],
  ["an answer that is merely slow", 10, reportOf({ slowCount: 1, latencySumMs: 29_000 }), 11],
  ["a record that is to blame", 10, reportOf({ repeatFaultCount: 1, rejectedCount: 1 }), 10],
  ["an answer at X", 20, okAfter(100), 20],
  ["an answer with half of the limit in use", 11, okAfter(100, 6), 12],
  ["an answer with just half of the limit in use", 12, okAfter(100, 6), 13],
  ["an answer with less than half of the limit in use", 11, okAfter(100, 5), 11],
])("%s takes the limit from %i as computed by hand", (_, limit, observation, expected) => {
  expect(aimdFailuresLaw.decide(at(limit), observation, config, 0).state).toMatchObject({
    limit: expected,
    memory: { limit: expected },
  });
});

test.each([
  ["a refusal", reportOf({ throttledCount: 1 }), 18],
  ["a timeout", reportOf({ faultCount: 1, timeoutCount: 1 }), 18],
  ["a fault that came at once", FAULT, 20],
])("of losses alone: %s", (_, observation, expected) => {
  const start = aimdLaw.initial(config, 0);
  expect(aimdLaw.decide(start, observation, config, 0).state.limit).toBe(expected);
});
