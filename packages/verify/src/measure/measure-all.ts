import type { Bench } from "../bench/bench.ts";
import { CallFailed } from "../call-failed.ts";
import { OutOfTime } from "../out-of-time.ts";
import { durationIn, type Lane, lanesOf, type Schedule, type Stage } from "../schedule/schedule.ts";
import { sideBySide } from "../side-by-side.ts";
import type { Measured, Measurement, Need } from "./measurement.ts";
import { within } from "./within.ts";

/** The yield of a measurement, as far as it came. */
export interface MeasurementRun extends Measured {
  readonly measurement: Measurement;
}

/** The parts of {@link measureAll}. */
export interface MeasureAllDeps {
  /** The bench of a label, always the same one. */
  bench(label: string): Bench;
  /** Has the pauses of all benches end: something is wrong with this program. */
  callOff(): void;
  onBegin(measurement: Measurement): void;
  onEnd(run: MeasurementRun): void;
}

/**
 * Makes what the schedule needs, and measures, stage by stage. A measurement that fails keeps none of the others.
 * @throws Interrupted, when nothing is under way any more
 */
export async function measureAll(deps: MeasureAllDeps, schedule: Schedule): Promise<void> {
  await makeAll(deps, schedule);
  for (const stage of schedule.stages) await measureStage(deps, stage, schedule.rounds);
}

/** Made beforehand, so that nothing is made beside a measurement. */
async function makeAll({ bench, callOff }: MeasureAllDeps, schedule: Schedule): Promise<void> {
  const labels = new Set(lanesOf(schedule).flatMap(({ benches }) => benches));
  const needs = (label: string) =>
    lanesOf(schedule)
      .filter(({ benches }) => benches.includes(label))
      .flatMap(({ measurements }) => measurements.flatMap((one) => one.needs));
  const makings = [...labels].map((label, at) => () => makeOn(bench(label), at, needs(label)));
  await sideBySide(makings, callOff);
}

/** Makes things for a bench. What can't be made is told by each measurement that needs it. */
async function makeOn(bench: Bench, place: number, needs: readonly Need[]): Promise<void> {
  // The benches begin apart: each asks the control plane some times at once for a function and its mapping.
  await bench.pause(place * bench.timing.lookEveryMs);
  for (const need of needs) {
    try {
      await bench[need]();
    } catch (thrown) {
      if (!(thrown instanceof CallFailed)) throw thrown;
    }
  }
}

function measureStage(deps: MeasureAllDeps, stage: Stage, rounds: number): Promise<void> {
  const lanes = stage.map((lane) => () => measureLane(deps, lane, rounds));
  return sideBySide(lanes, deps.callOff);
}

async function measureLane(deps: MeasureAllDeps, lane: Lane, rounds: number): Promise<void> {
  for (const measurement of lane.measurements) {
    deps.onBegin(measurement);
    deps.onEnd(await measure(deps, lane, measurement, rounds));
  }
}

async function measure(
  deps: MeasureAllDeps,
  lane: Lane,
  measurement: Measurement,
  rounds: number,
): Promise<MeasurementRun> {
  const duration = durationIn(lane, measurement, rounds);
  const [bench, ...more] = lane.benches;
  const on = (label: string) => within(deps.bench(label), measurement, duration);
  try {
    await deps.bench(bench).pause(0);
    return { measurement, ...(await measurement.run(on(bench), ...more.map(on))) };
  } catch (thrown) {
    if (!(thrown instanceof CallFailed || thrown instanceof OutOfTime)) throw thrown;
    const findings = measurement.rows.map((row) => ({
      row,
      what: measurement.title,
      assumed: "",
      outcome: { kind: "not-measured", why: thrown.message } as const,
    }));
    return { measurement, findings, failure: thrown.message };
  }
}
