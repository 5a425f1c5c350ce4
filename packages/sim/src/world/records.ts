import type { Scenario } from "../provider-simulator/scenario.ts";
import { valueAt } from "../provider-simulator/time-line.ts";

/** The id of the n-th record of a scenario, from 0 on. */
export function recordIdOf(index: number): string {
  return `r${index}`;
}

/** Counts records as they arrive. */
export interface Arrivals {
  /** Records that have been enqueued by then, the backlog included. Instants must not go back. */
  countAt(elapsedMs: number): number;
  /** Of the whole scenario. */
  readonly totalCount: number;
}

const MINUTE_MS = 60_000;

/** The arrivals of a scenario: its backlog at once, then its time line at an even pace until its duration is over. */
export function arrivalsOf({ backlog, arrivalsPerMinute, durationMinutes }: Scenario): Arrivals {
  let reachedMs = 0;
  let arrived = 0;

  function countAt(elapsedMs: number): number {
    const untilMs = Math.min(elapsedMs, durationMinutes * MINUTE_MS);
    arrived += arrivedBetween(reachedMs, untilMs);
    reachedMs = Math.max(reachedMs, untilMs);
    // A hair more, because many small sums of an even pace end just below the whole number.
    return backlog + Math.floor(arrived + 1e-6);
  }

  function arrivedBetween(fromMs: number, untilMs: number): number {
    let count = 0;
    for (let atMs = fromMs; atMs < untilMs; ) {
      const minute = atMs / MINUTE_MS;
      const nextStep = arrivalsPerMinute.find(([fromMinute]) => fromMinute > minute);
      const partEndMs = Math.min(untilMs, nextStep === undefined ? untilMs : nextStep[0] * MINUTE_MS);
      count += (valueAt(arrivalsPerMinute, minute) * (partEndMs - atMs)) / MINUTE_MS;
      atMs = partEndMs;
    }
    return count;
  }

  const totalCount = backlog + Math.floor(arrivedBetween(0, durationMinutes * MINUTE_MS) + 1e-6);
  return { countAt, totalCount };
}
