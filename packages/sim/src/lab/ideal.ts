import type { Scenario } from "../provider-simulator/scenario.ts";
import { arrivalsOf } from "../world/records.ts";
import { createIdealCalls } from "./ideal-calls.ts";
import { createIdealSlots, type IdealBatches } from "./ideal-slots.ts";
import { createIdealWork } from "./ideal-work.ts";

/** A run of the ideal; instants count from its start. */
export interface IdealRun {
  /** The instants at which records were served, ascending. */
  readonly servedAtMs: Float64Array;
  /**
   * The first instant with nothing left to start but what waits for a retry, and no more to arrive; undefined if
   * there was none within the scenario.
   */
  readonly emptiedAtMs: number | undefined;
  /** Calls in all. */
  readonly startCount: number;
}

/** The case that the ideal runs. */
export interface IdealOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Makes each slot pause after so many calls; left out: no overhead at all. */
  readonly batches?: IdealBatches;
}

const SECOND_MS = 1_000;

/**
 * Runs the best that could be had: exactly min(X, true capacity) requests in flight at every instant, on the same
 * records, with the same latencies and faults per attempt and the same rules for retries, without any overhead but that of its batches.
 */
export function runIdeal({ scenario, seed, batches }: IdealOptions): IdealRun {
  const endMs = scenario.durationMinutes * 60_000;
  const work = createIdealWork(arrivalsOf(scenario));
  const slots = createIdealSlots(createIdealCalls(scenario, seed), work, batches);
  let emptiedAtMs: number | undefined;
  let tickMs = 0;
  for (let nowMs = 0; nowMs <= endMs; ) {
    slots.passTo(nowMs);
    work.arriveUntil(nowMs);
    const isShortOfWork = slots.fill();
    if (isShortOfWork && work.hasAllArrived()) emptiedAtMs ??= nowMs;
    // Arrivals and what changes at the provider by itself are looked at every second.
    if (tickMs <= nowMs) tickMs += SECOND_MS;
    nowMs = Math.min(slots.nextEventAtMs(), tickMs, nextChangeMs(scenario, nowMs));
  }
  return { servedAtMs: slots.servedAtMs(), emptiedAtMs, startCount: slots.startCount() };
}

/** The instant of the capacity's next change, according to its time line. */
function nextChangeMs({ provider }: Scenario, nowMs: number): number {
  const step = provider.capacity.find(([minute]) => minute * 60_000 > nowMs);
  return step === undefined ? Number.POSITIVE_INFINITY : step[0] * 60_000;
}
