import fc from "fast-check";
import { expect, test } from "vitest";
import { type Evidence, NO_EVIDENCE } from "../evidence.ts";
import type { Observation } from "../law.ts";
import type { LawConfig } from "../law-config.ts";
import { sluiceLaw } from "./sluice-law.ts";
import type { SluiceState } from "./state.ts";

const configs: fc.Arbitrary<LawConfig> = fc.record({
  maxConcurrency: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1_000 })),
  slowAfterMs: fc.integer({ min: 1, max: 60_000 }),
  timeoutMs: fc.integer({ min: 10, max: 900_000 }),
  medianMs: fc.integer({ min: 1, max: 60_000 }),
  paceMs: fc.integer({ min: 1_000, max: 600_000 }),
});

/** Counts of any size, and latencies that some calls may really have had. */
const evidences: fc.Arbitrary<Evidence> = fc
  .record({
    okCount: fc.nat(60),
    slowCount: fc.nat(20),
    faultCount: fc.nat(20),
    repeatFaultCount: fc.nat(5),
    throttledCount: fc.nat(20),
    rejectedCount: fc.nat(5),
    unavailableCount: fc.nat(5),
    lnLatency: fc.double({ min: 0, max: 13, noNaN: true }),
    spread: fc.double({ min: 0, max: 2, noNaN: true }),
    timeouts: fc.nat(20),
    held: fc.nat(20),
    holdMs: fc.integer({ min: 1_000, max: 3_600_000 }),
  })
  .map(({ lnLatency, spread, timeouts, held, holdMs, ...counts }) => {
    const successes = counts.okCount + counts.slowCount;
    return {
      ...counts,
      timeoutCount: Math.min(timeouts, counts.faultCount),
      heldCount: Math.min(held, counts.throttledCount),
      heldSumMs: Math.min(held, counts.throttledCount) * holdMs,
      repeatOkCount: Math.min(timeouts, successes),
      ownRejectedCount: Math.min(held, counts.rejectedCount),
      repeatRejectedCount: Math.min(timeouts, Math.max(0, counts.rejectedCount - held)),
      latencySumMs: successes * Math.exp(lnLatency),
      lnLatencySum: successes * lnLatency,
      lnLatencySquareSum: successes * (lnLatency ** 2 + spread ** 2),
    };
  });

/** An observation whose epoch is `late` epochs behind the state that it meets. */
type Step =
  | { readonly kind: "report"; readonly late: number; readonly evidence: Evidence; readonly used: number }
  | { readonly kind: "probe-due"; readonly hasRecord: boolean };

const steps = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 3_600_000 })),
    step: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant("report" as const),
          late: fc.constantFrom(0, 0, 0, 1, 2),
          evidence: evidences,
          used: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant("probe-due" as const), hasRecord: fc.boolean() }),
      },
    ) as fc.Arbitrary<Step>,
  }),
  { maxLength: 120 },
);

const startMs = Date.parse("2026-11-18T12:00:00Z");

/** Plays a story and hands each step to `check`. */
function play(
  config: LawConfig,
  story: readonly { readonly afterMs: number; readonly step: Step }[],
  check: (
    before: SluiceState,
    observation: Observation,
    after: SluiceState,
    hasDecided: boolean,
    nowMs: number,
  ) => void,
): SluiceState {
  let nowMs = startMs;
  let state: SluiceState = sluiceLaw.initial(config, nowMs);
  for (const { afterMs, step } of story) {
    nowMs += afterMs;
    const observation = observationOf(step, state);
    const { state: after, decision } = sluiceLaw.decide(state, observation, config, nowMs);
    check(state, observation, after, decision !== undefined, nowMs);
    state = after;
  }
  return state;
}

function observationOf(step: Step, { epoch, limit }: SluiceState): Observation {
  switch (step.kind) {
    case "probe-due":
      return step;
    case "report":
      return {
        kind: "report",
        epoch: epoch - step.late,
        evidence: step.evidence,
        inFlightCount: Math.round(step.used * limit),
      };
  }
}

test("whatever is observed, the limit stays within 1 and X, and a decision is what begins an epoch", () => {
  fc.assert(
    fc.property(configs, steps, (config, story) => {
      play(config, story, (before, _observation, after, hasDecided) => {
        expect(after.limit).toBeGreaterThanOrEqual(1);
        expect(after.limit).toBeLessThanOrEqual(config.maxConcurrency);
        expect(Number.isInteger(after.limit)).toBe(true);
        expect(after.epoch - before.epoch).toBe(hasDecided ? 1 : 0);
        if (!hasDecided) expect([after.phase, after.limit]).toEqual([before.phase, before.limit]);
        if (after.phase === "closed") expect(after.target).toBeLessThanOrEqual(config.maxConcurrency);
      });
    }),
    { numRuns: 300 },
  );
});

test("every state survives being stored", () => {
  fc.assert(
    fc.property(configs, steps, (config, story) => {
      play(config, story, (_before, _observation, after) => {
        expect(sluiceLaw.parse(JSON.parse(JSON.stringify(sluiceLaw.toStored(after))))).toEqual(after);
      });
    }),
    { numRuns: 100 },
  );
});

test("late news is not news: a report of an earlier epoch changes nothing at all", () => {
  fc.assert(
    fc.property(
      configs,
      steps,
      evidences,
      fc.integer({ min: 1, max: 9 }),
      (config, story, evidence, late) => {
        const state = play(config, story, () => {});
        const report = {
          kind: "report" as const,
          epoch: state.epoch - late,
          evidence,
          inFlightCount: state.limit,
        };
        expect(sluiceLaw.decide(state, report, config, startMs * 2)).toEqual({ state });
      },
    ),
    { numRuns: 200 },
  );
});

test("no stuck state: from anywhere a healthy provider gets its whole limit back", () => {
  fc.assert(
    fc.property(configs, steps, fc.boolean(), (config, story, hasRecord) => {
      let nowMs = startMs + story.reduce((sum, { afterMs }) => sum + afterMs, 0);
      let state = play(config, story, () => {});
      const wellMs = config.medianMs;
      const isBack = () => state.phase === "closed" && state.limit === config.maxConcurrency;
      for (let rounds = 0; rounds < 100_000 && !isBack(); rounds += 1) {
        nowMs += Math.max(60_000, config.paceMs);
        state = sluiceLaw.decide(state, { kind: "probe-due", hasRecord }, config, nowMs).state;
        const okCount = state.phase === "half-open" ? 1 : 40 * state.limit;
        const evidence = {
          ...NO_EVIDENCE,
          okCount,
          lnLatencySum: okCount * Math.log(wellMs),
          lnLatencySquareSum: okCount * (Math.log(wellMs) ** 2 + 0.25),
        };
        const report = { kind: "report" as const, epoch: state.epoch, evidence, inFlightCount: state.limit };
        state = sluiceLaw.decide(state, report, config, nowMs).state;
      }
      expect([state.phase, state.limit]).toEqual(["closed", config.maxConcurrency]);
    }),
    { numRuns: 100 },
  );
});

test("what is the record's own fault, or ours, is no trouble of the provider's", () => {
  fc.assert(
    fc.property(
      configs,
      fc.nat(1_000),
      fc.nat(1_000),
      fc.nat(1_000),
      (config, repeats, rejected, unavailable) => {
        const evidence = {
          ...NO_EVIDENCE,
          repeatFaultCount: repeats,
          rejectedCount: rejected,
          unavailableCount: unavailable,
        };
        const state = sluiceLaw.initial(config, startMs);
        const report = { kind: "report" as const, epoch: 0, evidence, inFlightCount: 1 };
        const { decision } = sluiceLaw.decide(state, report, config, startMs + 1_000);
        const canBegin = unavailable < 10 || repeats + rejected > unavailable;
        if (canBegin && rejected < 80) expect(decision).toBeUndefined();
        if (decision !== undefined) expect(decision.after).toMatchObject({ reason: "environment" });
      },
    ),
  );
});
