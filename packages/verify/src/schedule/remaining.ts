import type { Duration, Measurement } from "../measure/measurement.ts";
import { durationIn, type Lane, type Schedule } from "./schedule.ts";

/** Roles that IAM has to spread, tables and functions that become active, mappings: all of them are made side by side. */
export const MAKING: Duration = { typicalMinutes: 1, mostMinutes: 5 };
/** A mapping is deleted in tens of seconds, and the tables, queues and roles within some more. */
export const REMOVING: Duration = { typicalMinutes: 1.5, mostMinutes: 8 };

/** The duration of things one after the other. */
export function inTurn(durations: readonly Duration[]): Duration {
  return {
    typicalMinutes: durations.reduce((sum, { typicalMinutes }) => sum + typicalMinutes, 0),
    mostMinutes: durations.reduce((sum, { mostMinutes }) => sum + mostMinutes, 0),
  };
}

/** The duration of things side by side. */
export function atOnce(durations: readonly Duration[]): Duration {
  return {
    typicalMinutes: Math.max(0, ...durations.map(({ typicalMinutes }) => typicalMinutes)),
    mostMinutes: Math.max(0, ...durations.map(({ mostMinutes }) => mostMinutes)),
  };
}

/**
 * The duration of the schedule's measurements: of its critical path, since a stage takes as long as its longest lane.
 * @param left the part of a measurement's duration that is left; all of it where nothing has begun
 */
export function measuringOf(
  { stages, rounds }: Schedule,
  left: (measurement: Measurement, whole: Duration) => Duration = (_, whole) => whole,
): Duration {
  const ofLane = (lane: Lane) =>
    inTurn(lane.measurements.map((one) => left(one, durationIn(lane, one, rounds))));
  return inTurn(stages.map((stage) => atOnce(stage.map(ofLane))));
}
