import type { Clock } from "@sluice/core/ports";
import type { Duration, Measurement } from "../measure/measurement.ts";
import { inTurn, measuringOf, REMOVING } from "./remaining.ts";
import { measurementsOf, type Schedule } from "./schedule.ts";

/** The state of a run, for who waits for it. */
export interface Progress {
  began(measurement: Measurement): void;
  ended(measurement: Measurement): void;
  /** All of it in one line: what is under way, what is done, and how long the rest takes. */
  line(): string;
}

const MINUTE_MS = 60_000;

/** Starts with nothing begun. */
export function createProgress(schedule: Schedule, clock: Clock): Progress {
  const startedAtMs = clock.nowMs();
  const all = measurementsOf(schedule);
  const begunAtMs = new Map<Measurement, number>();
  const ended = new Set<Measurement>();

  function left(measurement: Measurement, { typicalMinutes, mostMinutes }: Duration): Duration {
    if (ended.has(measurement)) return { typicalMinutes: 0, mostMinutes: 0 };
    const nowMs = clock.nowMs();
    const minutes = (nowMs - (begunAtMs.get(measurement) ?? nowMs)) / MINUTE_MS;
    return {
      typicalMinutes: Math.max(0, typicalMinutes - minutes),
      mostMinutes: Math.max(0, mostMinutes - minutes),
    };
  }

  return {
    began: (measurement) => void begunAtMs.set(measurement, clock.nowMs()),
    ended: (measurement) => void ended.add(measurement),
    line() {
      const underWay = all.filter((one) => begunAtMs.has(one) && !ended.has(one)).map(({ id }) => id);
      const { typicalMinutes, mostMinutes } = inTurn([measuringOf(schedule, left), REMOVING]);
      return [
        `after ${Math.round((clock.nowMs() - startedAtMs) / MINUTE_MS)} min`,
        `${ended.size} of ${all.length} done`,
        `under way: ${underWay.length === 0 ? "nothing" : underWay.join(", ")}`,
        `about ${Math.ceil(typicalMinutes)} min left, at most ${Math.ceil(mostMinutes)}`,
      ].join("; ");
    },
  };
}
