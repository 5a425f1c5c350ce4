import type { Duration, Measurement } from "../measure/measurement.ts";

/** Measurements that run one after the other, on benches that nobody else has meanwhile. */
export interface Lane {
  /** Labels of the benches; each but the first is for rounds beside those on it. */
  readonly benches: readonly [string, ...string[]];
  readonly measurements: readonly Measurement[];
}

/** Lanes that run side by side. A stage begins when all lanes of the one before have ended. */
export type Stage = readonly Lane[];

/** The order in which a run measures. */
export interface Schedule {
  readonly stages: readonly Stage[];
  /** Times that each update of a mapping is measured. */
  readonly rounds: number;
}

/** All lanes of a schedule. */
export function lanesOf({ stages }: Schedule): readonly Lane[] {
  return stages.flat();
}

/** All measurements of a schedule. */
export function measurementsOf(schedule: Schedule): readonly Measurement[] {
  return lanesOf(schedule).flatMap(({ measurements }) => measurements);
}

/** The duration of a measurement in its lane, whose benches share its rounds. */
export function durationIn({ benches }: Lane, measurement: Measurement, rounds: number): Duration {
  return measurement.duration(Math.ceil(rounds / benches.length));
}
