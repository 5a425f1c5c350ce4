import type { Lots } from "../../provider-simulator/lots.ts";
import type { SimulatedProvider } from "../../provider-simulator/scenario.ts";
import type { TimeLine, TimeLineStep } from "../../provider-simulator/time-line.ts";
import { usualLatencyMs } from "../../world/provider-of.ts";

/** The records of a scenario. */
export interface DrawnLoad {
  readonly backlog: number;
  readonly arrivalsPerMinute: TimeLine;
  /** The time that a provider which is well is busy with them, in minutes; at most the scenario's duration. */
  readonly busyMinutes: number;
}

/** The provider and the time that a load is drawn for. */
export type LoadedProvider = Pick<SimulatedProvider, "maxConcurrency" | "latency"> & {
  readonly durationMinutes: number;
};

const RECORDS_MAX = 30_000;
/** Time between two calls on one permit that is no call. */
const OVERHEAD_MS = 20;

/** Draws a backlog of 10 to 30,000 records, or arrivals in steps, or a trickle, or several of them. */
export function drawLoad(
  { maxConcurrency, latency, durationMinutes }: LoadedProvider,
  lots: Lots,
): DrawnLoad {
  const callsPerMinute = (60_000 * maxConcurrency) / (usualLatencyMs(latency) + OVERHEAD_MS);
  const backlog = drawBacklog(callsPerMinute * durationMinutes, lots);
  const [first, ...later] = drawRates(callsPerMinute, lots).map((rate) =>
    Math.min(RECORDS_MAX / durationMinutes, rate),
  );
  const lengthMinutes = durationMinutes / (1 + later.length);
  const steps = later.map((rate, at): TimeLineStep => [(at + 1) * lengthMinutes, rate]);
  const isBusyToTheEnd = [first, ...later].some((rate = 0) => rate > 0);
  return {
    backlog,
    arrivalsPerMinute: [[0, first ?? 0], ...steps],
    busyMinutes: isBusyToTheEnd ? durationMinutes : Math.min(durationMinutes, backlog / callsPerMinute),
  };
}

/** Arrivals per minute, one step after the other: none, a trickle, or up to more than a provider can take. */
function drawRates(callsPerMinute: number, lots: Lots): readonly number[] {
  switch (lots.whole(0, 3)) {
    case 0:
      return [lots.logBetween(0.5, 20)];
    case 1:
      return Array.from(
        { length: lots.whole(1, 4) },
        () => callsPerMinute * lots.pick([0, 0.1, 0.5, 0.9, 1.2]),
      );
    default:
      return [0];
  }
}

/** Half of the backlogs keep the provider busy for most of the time, where that is possible. */
function drawBacklog(callCount: number, lots: Lots): number {
  if (lots.chance(0.5))
    return Math.min(RECORDS_MAX, Math.max(10, Math.round(callCount * lots.between(0.3, 1.3))));
  return lots.chance(0.5) ? lots.pick([10, 30, 100, 300]) : lots.logWhole(10, RECORDS_MAX);
}
