import type { Observation } from "@sluice/core/law";
import { describe, expect, test } from "vitest";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf, WAKE } from "./fakes/report-of.ts";
import { resilience4jLaw, resilience4jQuickLaw } from "./resilience4j.ts";

const config = configOf({ maxConcurrency: 20 });
const OK = okAfter(100);
const REFUSAL = reportOf({ throttledCount: 1 });
const times = (count: number, observation: Observation) => Array.from({ length: count }, () => observation);

describe("resilience4j's breaker over a fixed X", () => {
  test("opens when half of the last hundred calls have failed, for a minute, with the valve left open", () => {
    const nearly = after([...times(50, OK), ...times(49, FAULT), OK]);
    expect(nearly).toMatchObject({ phase: "closed", limit: 20, epoch: 0 });
    expect(step(nearly, FAULT, 9_000)).toMatchObject({
      phase: "open",
      probeAtMs: 69_000,
      isValveKept: true,
      target: 20,
    });
  });

  test("does not judge less than a hundred calls", () => {
    expect(after(times(99, FAULT)).phase).toBe("closed");
    expect(after(times(100, FAULT)).phase).toBe("open");
  });

  test("counts refusals as failures, and records that failed before, but none that was rejected", () => {
    expect(after(times(100, REFUSAL)).phase).toBe("open");
    expect(after(times(100, reportOf({ repeatFaultCount: 1 }))).phase).toBe("open");
    expect(after(times(200, reportOf({ rejectedCount: 1 }))).window).toBe("");
  });

  test("ignores reports while it is open, and is half-open a minute later", () => {
    const open = after(times(100, FAULT));
    expect(step(open, OK)).toBe(open);
    expect(step(open, WAKE, 59_999)).toBe(open);
    expect(step(open, WAKE, 60_000)).toMatchObject({
      phase: "closed",
      limit: 10,
      target: 20,
      epoch: 2,
      isOnTrial: true,
    });
  });

  test("half-open lets ten calls through, no more", () => {
    const limits = [0, 1, 4, 9].map((count) => halfOpenAfter(times(count, OK)).limit);
    expect(limits).toEqual([10, 9, 6, 1]);
  });

  test("half-open closes at X with an empty window when more than half of the ten are well", () => {
    const closed = halfOpenAfter([...times(4, FAULT), ...times(6, OK)]);
    expect(closed).toMatchObject({ phase: "closed", limit: 20, isOnTrial: false, window: "" });
  });

  test("half-open opens again when half of the ten fail", () => {
    expect(halfOpenAfter([...times(5, OK), ...times(5, FAULT)])).toMatchObject({
      phase: "open",
      probeAtMs: 120_000,
    });
  });
});

test("the demo's numbers: five of ten calls, five seconds, three calls", () => {
  const decide = resilience4jQuickLaw.decide;
  let state = resilience4jQuickLaw.initial(config, 0);
  for (const call of times(5, FAULT)) state = decide(state, call, config, 0).state;
  expect(state).toMatchObject({ phase: "open", probeAtMs: 5_000 });
  state = decide(state, WAKE, config, 5_000).state;
  expect(state).toMatchObject({ limit: 3, isOnTrial: true });
});

function after(observations: readonly Observation[]) {
  return observations.reduce(
    (state, observation) => step(state, observation),
    resilience4jLaw.initial(config, 0),
  );
}

function halfOpenAfter(observations: readonly Observation[]) {
  const halfOpen = step(after(times(100, FAULT)), WAKE, 60_000);
  return observations.reduce((state, observation) => step(state, observation, 60_000), halfOpen);
}

function step(state: ReturnType<typeof resilience4jLaw.initial>, observation: Observation, nowMs = 0) {
  return resilience4jLaw.decide(state, observation, config, nowMs).state;
}
