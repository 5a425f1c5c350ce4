import { type TinyState, TRIP_FAULT_COUNT, tinyLaw } from "@sluice/testing/tiny-law";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ControlState, controlOf } from "./control.ts";
import { NO_EVIDENCE, plus } from "./evidence.ts";
import type { Law, Observation, Step } from "./law.ts";
import type { LawConfig } from "./law-config.ts";
import { observeOnly } from "./observe-only.ts";
import { sluiceLaw } from "./sluice/sluice-law.ts";

/** A law that would probe a provider that is well. */
const eagerLaw: Law<TinyState> = {
  ...tinyLaw,
  name: "eager",
  decide(state, observation, config, nowMs) {
    if (observation.kind === "report") return tinyLaw.decide(state, observation, config, nowMs);
    const { seen, failedProbeCount } = state;
    const probing = { phase: "half-open", limit: 1, target: 1, isValveKept: false } as const;
    const after = { ...probing, epoch: state.epoch + 1, seen, failedProbeCount };
    const decision = { rule: "probe", inputs: {}, before: controlOf(state), after: controlOf(after) };
    return { state: after, decision };
  },
};

// biome-ignore lint/suspicious/noExplicitAny: laws whose states differ are played alike
const laws: readonly Law<any>[] = [tinyLaw, eagerLaw, sluiceLaw];

const configs: fc.Arbitrary<LawConfig> = fc.record({
  maxConcurrency: fc.integer({ min: 1, max: 20 }),
  slowAfterMs: fc.constant(5_000),
  timeoutMs: fc.constant(30_000),
  medianMs: fc.integer({ min: 5, max: 10_000 }),
  paceMs: fc.constant(20_000),
});

const evidences = fc
  .record({
    okCount: fc.nat(30),
    slowCount: fc.nat(10),
    faultCount: fc.nat(20),
    throttledCount: fc.nat(10),
    rejectedCount: fc.nat(5),
    unavailableCount: fc.nat(5),
    lnLatency: fc.double({ min: 0, max: 12, noNaN: true }),
  })
  .map(({ lnLatency, ...counts }) => {
    const successes = counts.okCount + counts.slowCount;
    return plus(NO_EVIDENCE, {
      ...counts,
      lnLatencySum: successes * lnLatency,
      lnLatencySquareSum: successes * (lnLatency ** 2 + 0.5),
    });
  });

const epoch = fc.integer({ min: 0, max: 3 });
const hasRecord = fc.boolean();
const inFlightCount = fc.nat(20);

const observations: fc.Arbitrary<Observation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("report"), epoch, evidence: evidences, inFlightCount }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("probe-due"), hasRecord }) },
) as fc.Arbitrary<Observation>;

const stories = fc.array(fc.record({ afterMs: fc.nat(600_000), observation: observations }), {
  maxLength: 60,
});

const START_MS = Date.parse("2026-11-18T12:00:00Z");

/** Plays a story from a state on, and hands each step to `check`. */
function play<State extends ControlState>(
  law: Law<State>,
  { config, from, story }: { config: LawConfig; from: State; story: Story },
  check: (step: Step<State>, observation: Observation) => void = () => {},
): State {
  let nowMs = START_MS;
  let state = from;
  for (const { afterMs, observation } of story) {
    nowMs += afterMs;
    const step = law.decide(state, observation, config, nowMs);
    check(step, observation);
    state = step.state;
  }
  return state;
}

type Story = readonly { readonly afterMs: number; readonly observation: Observation }[];

const storm = (count: number, afterMs: number): Story =>
  Array.from({ length: count }, () => ({
    afterMs,
    observation: {
      kind: "report",
      epoch: 0,
      evidence: { ...NO_EVIDENCE, faultCount: 1 },
      inFlightCount: 1,
    },
  }));

test.each(laws)("$name: whatever is observed, it stays closed at X in the same epoch", (inner) => {
  const law = observeOnly(inner);
  fc.assert(
    fc.property(configs, stories, (config, story) => {
      const wideOpen = { phase: "closed", limit: config.maxConcurrency, epoch: 0 };
      play(law, { config, story, from: law.initial(config, START_MS) }, ({ state, decision, advice }) => {
        expect(controlOf(state)).toEqual(wideOpen);
        expect(decision).toBeUndefined();
        expect(law.parse(JSON.parse(JSON.stringify(law.toStored(state))))).toEqual(state);
        if (advice !== undefined) expect(advice.before).toEqual(wideOpen);
      });
    }),
    { numRuns: 200 },
  );
});

test.each(laws)("$name: only a report brings advice, and never that of a probe", (inner) => {
  const law = observeOnly(inner);
  fc.assert(
    fc.property(configs, stories, (config, story) => {
      play(law, { config, story, from: law.initial(config, START_MS) }, ({ advice }, observation) => {
        if (observation.kind !== "report") expect(advice).toBeUndefined();
        expect(advice?.after.phase).not.toBe("half-open");
      });
    }),
    { numRuns: 200 },
  );
});

test.each(laws)("$name: what an earlier law has left is released by one decision", (inner) => {
  const law = observeOnly(inner);
  fc.assert(
    fc.property(configs, configs, stories, stories, (earlier, config, before, after) => {
      const left = play(inner, { config: earlier, story: before, from: inner.initial(earlier, START_MS) });
      const isLeftOpen = left.phase === "closed" && left.limit === config.maxConcurrency;
      const decisions: unknown[] = [];
      const wideOpen = {
        phase: "closed",
        limit: config.maxConcurrency,
        epoch: left.epoch + (isLeftOpen ? 0 : 1),
      };
      play(law, { config, story: after, from: left }, ({ state, decision }) => {
        expect(controlOf(state)).toEqual(wideOpen);
        if (decision !== undefined) decisions.push(decision);
      });
      const isReleased = !isLeftOpen && after.length > 0;
      expect(decisions).toEqual(
        isReleased
          ? [{ rule: expect.any(String), inputs: {}, before: controlOf(left), after: wideOpen }]
          : [],
      );
    }),
    { numRuns: 200 },
  );
});

test.each(laws)(
  "$name: a storm of faults brings the advice to trip, time and again, on fresh evidence",
  (inner) => {
    const law = observeOnly(inner);
    fc.assert(
      fc.property(configs, fc.integer({ min: 1, max: 5_000 }), (config, afterMs) => {
        const trips: number[] = [];
        let reportCount = 0;
        play(
          law,
          { config, story: storm(60, afterMs), from: law.initial(config, START_MS) },
          ({ advice }) => {
            reportCount += 1;
            if (advice?.after.phase === "open") trips.push(reportCount);
          },
        );
        const gaps = trips.map((at, index) => at - (trips[index - 1] ?? 0));
        expect(gaps.length).toBeGreaterThan(1);
        expect(new Set(gaps)).toEqual(new Set([gaps[0]]));
        expect(gaps[0]).toBeGreaterThanOrEqual(TRIP_FAULT_COUNT);
      }),
    );
  },
);
