import type { Observation } from "@sluice/core/law";
import { describe, expect, test } from "vitest";
import { cloudTasksLaw, cloudTasksPatientLaw } from "./cloud-tasks.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf, WAKE } from "./fakes/report-of.ts";

const config = configOf({ maxConcurrency: 16 });
const OK = okAfter(100);
const REFUSAL = reportOf({ throttledCount: 1 });
const times = (count: number, observation: Observation) => Array.from({ length: count }, () => observation);

describe("a dispatcher like Cloud Tasks", () => {
  test.each([
    ["one refusal in a window", [REFUSAL, ...times(9, OK)], 8],
    ["half of a window failed", [...times(5, FAULT), ...times(5, OK)], 8],
    ["less than half failed: the tasks alone back off", [...times(4, FAULT), ...times(6, OK)], 16],
    ["records that are to blame", times(10, reportOf({ repeatFaultCount: 1, rejectedCount: 1 })), 16],
  ])("%s", (_, calls, limit) => {
    expect(play(cloudTasksLaw, calls, 1_000).limit).toBe(limit);
  });

  test("judges a window after a second and ten calls, or as many as go out at once", () => {
    expect(play(cloudTasksLaw, times(20, REFUSAL), 999).limit).toBe(16);
    expect(play(cloudTasksLaw, times(9, REFUSAL), 1_000).limit).toBe(16);
    const four = { ...cloudTasksLaw.initial(config, 0), limit: 4, target: 4, dispatches: 4 };
    expect(times(4, REFUSAL).reduce((state, call) => step(state, call, 1_000), four).limit).toBe(2);
  });

  test("grows by half each ten seconds", () => {
    let state = { ...cloudTasksLaw.initial(config, 0), limit: 4, target: 4, dispatches: 4 };
    const limits = [10_000, 18_000, 20_000, 30_000, 40_000].map((nowMs) => {
      state = times(10, OK).reduce((at, call) => step(at, call, nowMs), state);
      return state.limit;
    });
    expect(limits).toEqual([6, 6, 9, 13, 16]);
  });

  test("dispatches one at a time when it is below that, with pauses that double, until there is an answer", () => {
    const atOne = { ...cloudTasksLaw.initial(config, 0), limit: 1, target: 1, dispatches: 1 };
    const paused = step(atOne, FAULT, 2_000);
    expect(paused).toMatchObject({ phase: "open", probeAtMs: 2_200, isValveKept: true });
    expect(step(paused, WAKE, 2_199)).toBe(paused);
    const second = step(step(paused, WAKE, 2_200), FAULT, 2_300);
    expect(second).toMatchObject({ phase: "open", probeAtMs: 2_700 });
    expect(step(step(second, WAKE, 2_700), OK, 2_800)).toMatchObject({
      phase: "closed",
      limit: 1,
      dispatches: 1,
    });
  });

  test.each([
    [cloudTasksLaw, 3_600_000],
    [cloudTasksPatientLaw, 300_000],
  ])("pauses at most as long as a task's back-off, and stays well after any number", (law, maxMs) => {
    let state = law.initial(config, 0);
    let nowMs = 0;
    for (let count = 0; count < 1_000; count += 1) {
      nowMs = state.phase === "open" ? state.probeAtMs : nowMs + 1_000;
      state = law.decide(state, state.phase === "open" ? WAKE : FAULT, config, nowMs).state;
    }
    if (state.phase === "open") expect(state.probeAtMs - nowMs).toBe(maxMs);
    expect(state.dispatches).toBeGreaterThan(0);
    expect(step(step(state, WAKE, nowMs + maxMs), OK, nowMs + maxMs).limit).toBe(1);
  });
});

function play(law: typeof cloudTasksLaw, calls: readonly Observation[], nowMs: number) {
  return calls.reduce((state, call) => law.decide(state, call, config, nowMs).state, law.initial(config, 0));
}

function step(state: ReturnType<typeof cloudTasksLaw.initial>, observation: Observation, nowMs: number) {
  return cloudTasksLaw.decide(state, observation, config, nowMs).state;
}
