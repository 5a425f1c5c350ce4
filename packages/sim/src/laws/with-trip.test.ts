import type { Observation } from "@sluice/core/law";
import { describe, expect, test } from "vitest";
import { aimdFailuresLaw } from "./aimd.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, reportOf, WAKE } from "./fakes/report-of.ts";
import { gradient2FailuresLaw } from "./gradient2.ts";
import { vegasFailuresLaw } from "./vegas.ts";

const config = configOf();
const MINUTE_MS = 60_000;

test("trips at the fifth failed call in a row at limit 1, not at limit 2", () => {
  const state = after([FAULT, FAULT, FAULT, FAULT], 2);
  expect(state).toMatchObject({ phase: "closed", limit: 1, failureCount: 3 });
  const nearly = step(state, FAULT);
  expect(nearly).toMatchObject({ phase: "closed", failureCount: 4 });
  expect(step(nearly, FAULT, 7_000)).toMatchObject({
    phase: "open",
    probeAtMs: 7_000 + MINUTE_MS,
    isValveKept: true,
    target: 20,
  });
});

test("a single answer begins the count anew", () => {
  const state = after([FAULT, FAULT, FAULT, FAULT, okAfter(100, 0), FAULT], 1);
  expect(state).toMatchObject({ phase: "closed", failureCount: 1 });
});

test("calls of one report count one by one, and not at all beside an answer", () => {
  expect(after([reportOf({ throttledCount: 5 })], 1).phase).toBe("open");
  expect(after([reportOf({ throttledCount: 9, okCount: 1, latencySumMs: 50 })], 1)).toMatchObject({
    phase: "closed",
    failureCount: 0,
  });
});

const SILENT = [reportOf({ rejectedCount: 1 }), reportOf({ unavailableCount: 1 })];

test("calls that say nothing of the provider neither count nor begin anew", () => {
  const state = after([FAULT, FAULT, ...SILENT], 1);
  expect(state.failureCount).toBe(2);
});

test("records that failed before count, but move no limit", () => {
  const again = reportOf({ repeatFaultCount: 1 });
  expect(after([again], 5)).toMatchObject({ limit: 5, failureCount: 0 });
  expect(after([FAULT, again, again, again], 1)).toMatchObject({ phase: "closed", failureCount: 4 });
  expect(after([FAULT, again, again, again, again], 1).phase).toBe("open");
});

test("a wake leaves alone what is closed", () => {
  const start = aimdFailuresLaw.initial(config, 0);
  expect(aimdFailuresLaw.decide(start, WAKE, config, MINUTE_MS)).toEqual({ state: start });
});

describe.each([
  ["aimd-failures", aimdFailuresLaw, { limit: 1 }],
  ["vegas-failures", vegasFailuresLaw, { memory: { estimatedLimit: 1, noLoadMs: 100 }, dropCount: 0 }],
  [
    "gradient2-failures",
    gradient2FailuresLaw,
    { memory: { estimatedLimit: 1, longRttMs: 100 }, dropCount: 0 },
  ],
] as const)("%s", (_, law, memory) => {
  test("while open nothing moves it but the wake a minute later, which closes it at limit 1", () => {
    let state: ReturnType<typeof law.decide>["state"] = law.initial(config, 0);
    const decide = (observation: Observation, nowMs: number) =>
      law.decide(state as never, observation, config, nowMs).state;
    let nowMs = 0;
    for (let times = 0; times < 10; times += 1) state = decide(okAfter(100), nowMs);
    for (; state.phase === "closed" && nowMs < 5 * MINUTE_MS; nowMs += 500) state = decide(FAULT, nowMs);
    const trippedAtMs = nowMs - 500;
    const dueAtMs = trippedAtMs + MINUTE_MS;
    expect(state).toMatchObject({ phase: "open", limit: 1, probeAtMs: dueAtMs });
    expect(decide(okAfter(100), nowMs)).toBe(state);
    expect(decide(WAKE, dueAtMs - 1)).toBe(state);
    const reopened = decide(WAKE, dueAtMs);
    const expected = { phase: "closed", limit: 1, epoch: state.epoch + 1, failureCount: 0, memory };
    expect(reopened).toMatchObject(expected);
    expect(reopened).not.toHaveProperty("probeAtMs");
  });
});

function after(observations: readonly Observation[], limit: number) {
  const start = {
    phase: "closed" as const,
    limit,
    target: limit,
    epoch: 0,
    memory: { limit },
    failureCount: 0,
  };
  return observations.reduce(
    (state, observation) => step(state, observation),
    start as ReturnType<typeof step>,
  );
}

function step(state: ReturnType<typeof aimdFailuresLaw.initial>, observation: Observation, nowMs = 0) {
  return aimdFailuresLaw.decide(state, observation, config, nowMs).state;
}
