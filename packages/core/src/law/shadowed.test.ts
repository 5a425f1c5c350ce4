import { expect, test } from "vitest";
import { describeDecision } from "./describe-decision.ts";
import { type Evidence, NO_EVIDENCE } from "./evidence.ts";
import type { Observation, Step } from "./law.ts";
import { shadowed } from "./shadowed.ts";
import { createSluiceLaw, sluiceLaw } from "./sluice/sluice-law.ts";
import type { SluiceState } from "./sluice/state.ts";
import { SLUICE_TUNING, type SluiceTuning } from "./sluice/tuning.ts";

const CONFIG = { maxConcurrency: 10, slowAfterMs: 1_000, timeoutMs: 3_000, medianMs: 50, paceMs: 20_000 };
const START_MS = Date.parse("2026-11-18T12:00:00Z");
const LN = Math.log(50);

/** Plays reports, five seconds apart, and tells what is decided and advised. */
function storyOf(numbers: Partial<SluiceTuning>) {
  const law = shadowed(sluiceLaw, createSluiceLaw({ ...SLUICE_TUNING, ...numbers }, "other numbers"));
  let nowMs = START_MS;
  let state: SluiceState = law.initial(CONFIG, nowMs);
  const told: string[] = [];
  const observe = (observation: Observation) => {
    nowMs += 5_000;
    const step: Step<SluiceState> = law.decide(state, observation, CONFIG, nowMs);
    state = law.parse(JSON.parse(JSON.stringify(law.toStored(step.state))));
    if (step.decision !== undefined) told.push(describeDecision(step.decision));
    if (step.advice !== undefined) told.push(`would: ${describeDecision(step.advice)}`);
  };
  return {
    told,
    state: () => state,
    law,
    report(counts: Partial<Evidence>) {
      const { okCount = 0 } = counts;
      const latencies = { lnLatencySum: okCount * LN, lnLatencySquareSum: okCount * (LN ** 2 + 0.25) };
      const evidence = { ...NO_EVIDENCE, ...latencies, latencySumMs: okCount * 50, ...counts };
      observe({ kind: "report", epoch: state.epoch, evidence, inFlightCount: state.limit });
    },
    passMs(ms: number) {
      nowMs += ms;
    },
    probe() {
      observe({ kind: "probe-due", hasRecord: true });
    },
  };
}

test("a deeper cut is advised with the cut that is made, and the shadow goes on at the limit in force", () => {
  const { report, told } = storyOf({ cut: 0.5 });
  report({ okCount: 60 });
  report({ okCount: 20, throttledCount: 20 });
  report({ okCount: 20, throttledCount: 20 });
  expect(told).toEqual([
    "cut: throttled (calls 40, share 0.5): limit 10 → limit 7",
    "would: cut: throttled (calls 40, share 0.5): limit 10 → limit 5",
    "cut: throttled (calls 40, share 0.5): limit 7 → limit 4",
    "would: cut: throttled (calls 40, share 0.5): limit 7 → limit 3",
  ]);
});

test("what would not be done is advised, too", () => {
  const { report, told } = storyOf({ throttledAt: 1_000 });
  report({ okCount: 60 });
  report({ okCount: 20, throttledCount: 20 });
  expect(told.at(-1)).toBe('would: no change, unlike "cut: throttled": limit 10 → limit 10');
});

test("a trip that is advised again and again in an epoch is told once, and taught nothing", () => {
  const { report, told, state, law } = storyOf({ tripAt: 3 });
  for (let times = 1; times <= 4; times += 1) {
    report({ faultCount: 7 });
    report({ okCount: 120 });
  }
  expect(told).toEqual(["would: tripped: outage (faults 7, timeouts 0, score 7): limit 10 → open"]);
  expect(JSON.stringify(law.toStored(state()))).not.toContain("trippedAtMs");
});

test("while the breaker is open and probes the shadow follows in silence, and advises where it closes", () => {
  const { report, told, probe, passMs } = storyOf({ restartLimit: 3, firstProbePaces: 10, probePaces: 20 });
  report({ okCount: 60 });
  report({ faultCount: 10 });
  passMs(60_000);
  probe();
  report({ faultCount: 1 });
  passMs(120_000);
  probe();
  report({ okCount: 1 });
  expect(told.filter((text) => text.startsWith("would: "))).toEqual([
    "would: closed: the probe was answered: half-open → limit 3",
  ]);
  expect(told.at(-2)).toBe("closed: the probe was answered: half-open → limit 1");
});

test("a shadow that agrees costs no more than the numbers in which it differs", () => {
  const { report, state, law } = storyOf({ badAt: 10 });
  report({ okCount: 60 });
  report({ okCount: 60, faultCount: 2 });
  const bytes = (value: unknown) => JSON.stringify(value).length;
  expect(bytes(law.toStored(state())) - bytes(sluiceLaw.toStored(state()))).toBe(0);
});
