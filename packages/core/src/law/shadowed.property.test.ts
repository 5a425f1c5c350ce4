import fc from "fast-check";
import { expect, test } from "vitest";
import { type ControlState, controlOf } from "./control.ts";
import { type Evidence, NO_EVIDENCE } from "./evidence.ts";
import type { Decision, Law, Observation } from "./law.ts";
import type { LawConfig } from "./law-config.ts";
import { type Shadowed, shadowed } from "./shadowed.ts";
import { createSluiceLaw, sluiceLaw } from "./sluice/sluice-law.ts";
import type { SluiceState } from "./sluice/state.ts";
import { SLUICE_TUNING, type SluiceTuning } from "./sluice/tuning.ts";

const tried = (numbers: Partial<SluiceTuning>) =>
  createSluiceLaw({ ...SLUICE_TUNING, ...numbers }, "other numbers");

const tunings: fc.Arbitrary<Partial<SluiceTuning>> = fc.record(
  {
    cut: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
    badAt: fc.double({ min: 1, max: 40, noNaN: true }),
    tripAt: fc.double({ min: 1, max: 40, noNaN: true }),
    growth: fc.double({ min: 0, max: 0.5, noNaN: true }),
    firstProbePaces: fc.double({ min: 0.1, max: 10, noNaN: true }),
    restartLimit: fc.integer({ min: 1, max: 5 }),
    rampFactor: fc.double({ min: 1, max: 8, noNaN: true }),
    doubtfulProbes: fc.integer({ min: 1, max: 5 }),
    latencyRise: fc.double({ min: 0.05, max: 3, noNaN: true }),
  },
  { requiredKeys: [] },
);

const configs: fc.Arbitrary<LawConfig> = fc.record({
  maxConcurrency: fc.integer({ min: 1, max: 30 }),
  slowAfterMs: fc.constant(5_000),
  timeoutMs: fc.constant(30_000),
  medianMs: fc.integer({ min: 5, max: 10_000 }),
  paceMs: fc.constant(20_000),
});

const evidences: fc.Arbitrary<Evidence> = fc
  .record({
    okCount: fc.nat(60),
    faultCount: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(20)),
    throttledCount: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(10)),
    repeatFaultCount: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(5)),
    unavailableCount: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(12)),
    isHeld: fc.boolean(),
    medianMs: fc.constantFrom(200, 220, 800),
  })
  .map(({ isHeld, medianMs, ...counts }) => {
    const heldCount = isHeld ? counts.throttledCount : 0;
    const ln = Math.log(medianMs);
    return {
      ...NO_EVIDENCE,
      ...counts,
      heldCount,
      heldSumMs: heldCount * 20_000,
      latencySumMs: counts.okCount * medianMs,
      lnLatencySum: counts.okCount * ln,
      lnLatencySquareSum: counts.okCount * (ln ** 2 + 0.25),
    };
  });

type Told =
  | { readonly kind: "report"; readonly late: number; readonly evidence: Evidence; readonly used: number }
  | { readonly kind: "probe-due"; readonly hasRecord: boolean };

const stories = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 60_000 }),
    told: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant("report" as const),
          late: fc.constantFrom(0, 0, 0, 1),
          evidence: evidences,
          used: fc.constantFrom(0.5, 1),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant("probe-due" as const), hasRecord: fc.boolean() }),
      },
    ) as fc.Arbitrary<Told>,
  }),
  { maxLength: 80 },
);

type Story = readonly { readonly afterMs: number; readonly told: Told }[];

const START_MS = Date.parse("2026-11-18T12:00:00Z");

/** A moment of a story, and the step that a law took in it. */
interface Moment {
  readonly state: SluiceState;
  readonly decision: Decision | undefined;
  readonly advice: Decision | undefined;
}

/** Plays a story; after each step the state goes through the table, and perhaps through another version. */
function play(
  law: Law<SluiceState>,
  config: LawConfig,
  story: Story,
  through: (state: SluiceState, at: number) => SluiceState = (state) => restored(law, state),
): Moment[] {
  let nowMs = START_MS;
  let state = law.initial(config, nowMs);
  return story.map(({ afterMs, told }, at) => {
    nowMs += afterMs;
    const step = law.decide(state, observationOf(told, state), config, nowMs);
    state = through(step.state, at);
    return { state: step.state, decision: step.decision, advice: step.advice };
  });
}

function observationOf(told: Told, { epoch, limit }: ControlState): Observation {
  if (told.kind === "probe-due") return told;
  const { late, evidence, used } = told;
  return { kind: "report", epoch: epoch - late, evidence, inFlightCount: Math.round(used * limit) };
}

function restored(law: Law<SluiceState>, state: SluiceState): SluiceState {
  return law.parse(JSON.parse(JSON.stringify(law.toStored(state))));
}

function shadowOf(state: SluiceState) {
  return (state as Shadowed<SluiceState>).shadow;
}

function ownOf(state: SluiceState): SluiceState {
  const { shadow: _, ...own } = state as Shadowed<SluiceState>;
  return own as SluiceState;
}

test("with a shadow a law decides as without, in every state", () => {
  fc.assert(
    fc.property(tunings, configs, stories, (numbers, config, story) => {
      const alone = play(sluiceLaw, config, story);
      const beside = play(shadowed(sluiceLaw, tried(numbers)), config, story);
      expect(beside.map(({ state, decision }) => ({ state: ownOf(state), decision }))).toEqual(
        alone.map(({ state, decision }) => ({ state, decision })),
      );
    }),
    { numRuns: 200 },
  );
});

test("the shadow is always under the control in force", () => {
  fc.assert(
    fc.property(tunings, configs, stories, (numbers, config, story) => {
      for (const { state } of play(shadowed(sluiceLaw, tried(numbers)), config, story)) {
        const { phase, limit, epoch } = state;
        expect(shadowOf(state)?.state).toMatchObject({ phase, limit, epoch });
      }
    }),
    { numRuns: 200 },
  );
});

test("a law that is its own shadow gives no advice, and costs no byte", () => {
  const law = shadowed(sluiceLaw, sluiceLaw);
  fc.assert(
    fc.property(configs, stories, (config, story) => {
      for (const { state, advice } of play(law, config, story)) {
        expect(advice).toBeUndefined();
        expect(law.toStored(state)).toEqual(sluiceLaw.toStored(ownOf(state)));
      }
    }),
    { numRuns: 200 },
  );
});

test("a state with its shadow is read as it was stored", () => {
  fc.assert(
    fc.property(tunings, configs, stories, (numbers, config, story) => {
      const law = shadowed(sluiceLaw, tried(numbers));
      for (const { state } of play(law, config, story)) {
        const read = restored(law, state) as Shadowed<SluiceState>;
        expect({ shadow: { state: ownOf(read), advised: [] }, ...read }).toEqual(state);
      }
    }),
    { numRuns: 150 },
  );
});

test("versions without a shadow read and write the same row, and one that has it goes on from what they leave", () => {
  fc.assert(
    fc.property(tunings, configs, stories, fc.array(fc.boolean()), (numbers, config, story, isOther) => {
      const law = shadowed(sluiceLaw, tried(numbers));
      const alone = play(sluiceLaw, config, story);
      const beside = play(law, config, story, (state, at) => {
        const stored = JSON.parse(JSON.stringify(law.toStored(state)));
        return law.parse(isOther[at] === true ? sluiceLaw.toStored(sluiceLaw.parse(stored)) : stored);
      });
      expect(beside.map(({ decision }) => decision)).toEqual(alone.map(({ decision }) => decision));
    }),
    { numRuns: 150 },
  );
});

test("an advice differs from what is done, comes once in an epoch, and none comes while the breaker probes", () => {
  let adviceCount = 0;
  fc.assert(
    fc.property(tunings, configs, stories, (numbers, config, story) => {
      const told = new Set<string>();
      let before: ControlState = sluiceLaw.initial(config, START_MS);
      for (const { state, decision, advice } of play(shadowed(sluiceLaw, tried(numbers)), config, story)) {
        if (advice !== undefined) {
          adviceCount += 1;
          expect(advice.before).toEqual(controlOf(before));
          expect([before.phase, state.phase]).toContain("closed");
          if (decision !== undefined) {
            const { phase, limit } = advice.after;
            expect(decision.after).not.toMatchObject({ phase, limit });
          }
          const key = `${before.epoch} ${advice.rule} ${advice.after.phase} ${advice.after.limit}`;
          expect(told).not.toContain(key);
          told.add(key);
        }
        before = state;
      }
    }),
    { numRuns: 200 },
  );
  expect(adviceCount).toBeGreaterThan(40);
});

test("a shadow that can't be read begins with what the law knows", () => {
  const law = shadowed(sluiceLaw, tried({ cut: 0.5 }));
  const state = sluiceLaw.initial(
    { maxConcurrency: 9, slowAfterMs: 1, timeoutMs: 10, medianMs: 1, paceMs: 1_000 },
    START_MS,
  );
  const stored = sluiceLaw.toStored(state) as object;
  for (const shadow of [
    null,
    7,
    {},
    { patch: { limit: "many" }, advised: [] },
    { patch: { phase: "ajar" } },
  ]) {
    expect(law.parse({ ...stored, shadow })).toEqual(state);
  }
});
