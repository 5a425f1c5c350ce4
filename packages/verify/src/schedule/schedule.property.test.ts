import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createBench } from "../bench/create-bench.ts";
import { openSimulatedAccount } from "../fakes/simulated-account.ts";
import { measureAll } from "../measure/measure-all.ts";
import type { Measurement } from "../measure/measurement.ts";
import { createLedger } from "../removal/ledger.ts";
import { type BenchNames, runNamesOf } from "../run-names.ts";
import { AWS_TIMING } from "../timing.ts";
import { estimateOf } from "./estimate.ts";
import { type Lane, measurementsOf, type Schedule } from "./schedule.ts";
import { type ScheduleWishes, scheduleOf } from "./schedule-of.ts";
import { MEASUREMENTS } from "./stages.ts";

const QUARTER_HOUR = 15;
const IDS = MEASUREMENTS.map(({ id }) => id);
/** They need quiet, or take so much of the account that others would suffer. */
const ALONE = ["clock-skew", "ramp"];
/** They rest on the answers of the control plane to single calls, or ask much of it. */
const OF_CONTROL_PLANE = ["function-arn-condition", "control-plane", "updates"];

const wishes = fc.record({
  only: fc.option(fc.subarray(IDS, { minLength: 1 }), { nil: undefined }),
  rounds: fc.integer({ min: 1, max: 20 }),
  isLong: fc.boolean(),
  freeConcurrency: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
});

interface Span {
  readonly id: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly benches: readonly BenchNames[];
}

/** The schedule with measurements that do nothing but last, each for a while of its own. */
function lasting(schedule: Schedule, spans: Span[], lastsMs: (id: string) => number): Schedule {
  const last = (measurement: Measurement): Measurement => ({
    ...measurement,
    needs: [],
    async run(...benches) {
      const beganAtMs = benches[0].clock.nowMs();
      await benches[0].pause(lastsMs(measurement.id));
      const endedAtMs = benches[0].clock.nowMs();
      spans.push({ id: measurement.id, beganAtMs, endedAtMs, benches: benches.map(({ names }) => names) });
      return { findings: [] };
    },
  });
  const lanes = (lane: Lane) => ({ ...lane, measurements: lane.measurements.map(last) });
  return { ...schedule, stages: schedule.stages.map((stage) => stage.map(lanes)) };
}

async function spansOf(wished: ScheduleWishes, durationsMs: readonly number[]): Promise<readonly Span[]> {
  const { account, clock, passing } = openSimulatedAccount({ transitionMs: () => 0 });
  const names = runNamesOf("0a1b2c3d");
  const shared = { account, clock, ids: { next: () => "id" }, timing: AWS_TIMING, ledger: createLedger() };
  const interrupt = new AbortController().signal;
  const spans: Span[] = [];
  const schedule = lasting(scheduleOf(wished), spans, (id) => durationsMs[IDS.indexOf(id)] ?? 0);
  const deps = {
    bench: (label: string) => createBench({ ...shared, interrupt, say: () => {}, names: names.bench(label) }),
    callOff: () => {},
    onBegin: () => {},
    onEnd: () => {},
  };
  await passing(() => measureAll(deps, schedule));
  return spans;
}

const durations = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 8, maxLength: 8 });

test("each measurement runs once, never beside one that it disturbs, and on things that no other has", async () => {
  await fc.assert(
    fc.asyncProperty(wishes, durations, async (wished, durationsMs) => {
      const spans = await spansOf(wished, durationsMs);
      expect(spans.map(({ id }) => id).toSorted()).toEqual((wished.only ?? IDS).toSorted());
      for (const one of spans) {
        const beside = spans.filter(
          (other) => other !== one && other.beganAtMs < one.endedAtMs && one.beganAtMs < other.endedAtMs,
        );
        if (wished.isLong || ALONE.includes(one.id)) expect(beside, one.id).toEqual([]);
        if (OF_CONTROL_PLANE.includes(one.id))
          expect(beside.filter(({ id }) => OF_CONTROL_PLANE.includes(id))).toEqual([]);
        for (const other of beside)
          expect(thingsOf(one).filter((name) => thingsOf(other).includes(name))).toEqual([]);
        expect(new Set(thingsOf(one)).size).toBe(thingsOf(one).length);
      }
    }),
    { numRuns: 60 },
  );
});

/** The names of all that is made on its benches, a role by that of its function. */
function thingsOf({ benches }: Span): readonly string[] {
  return benches.flatMap(({ recorderRole: _, updaterRole: __, ...names }) => Object.values(names));
}

test("rounds of updates share the benches that the account has invocations for", () => {
  fc.assert(
    fc.property(wishes, ({ rounds, freeConcurrency }) => {
      const schedule = scheduleOf({ only: ["updates"], rounds, isLong: false, freeConcurrency });
      const benches = schedule.stages[0]?.[0]?.benches.length ?? 0;
      expect(benches).toBe(Math.max(1, Math.min(3, rounds, Math.floor((freeConcurrency ?? 0) / 10))));
      const { typicalMinutes } = estimateOf(schedule);
      const alone = estimateOf(scheduleOf({ only: ["updates"], rounds: 1, isLong: false, freeConcurrency }));
      const others = (Math.ceil(rounds / benches) - 1) * 5.3;
      expect(typicalMinutes).toBeCloseTo(alone.typicalMinutes + others, 6);
    }),
  );
});

test("all of it, with the rounds that it has by itself, takes a quarter of an hour", () => {
  const wished = { rounds: AWS_TIMING.rounds, isLong: false, freeConcurrency: 500 };
  const { typicalMinutes, mostMinutes } = estimateOf(scheduleOf(wished));
  expect(typicalMinutes).toBeLessThanOrEqual(QUARTER_HOUR);
  expect(mostMinutes).toBeGreaterThan(typicalMinutes);
  const long = estimateOf(scheduleOf({ ...wished, isLong: true }));
  expect(long.typicalMinutes).toBeGreaterThan(QUARTER_HOUR);
  expect(measurementsOf(scheduleOf(wished))).toEqual(MEASUREMENTS);
});
