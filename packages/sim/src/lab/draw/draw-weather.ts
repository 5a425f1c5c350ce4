import type { Lots } from "../../provider-simulator/lots.ts";
import type { SimulatedProvider } from "../../provider-simulator/scenario.ts";
import type { TimeLine, TimeLineStep } from "../../provider-simulator/time-line.ts";

/** The time in which weather is to matter. */
export interface WeatherTimes {
  readonly durationMinutes: number;
  /** The records keep a provider that is well busy for so long. */
  readonly busyMinutes: number;
}

/** The part of a provider that changes over time. */
export type DrawnWeather = Pick<SimulatedProvider, "capacity" | "faultRatio" | "latencyFactor" | "fragile">;

/** The time at the end in which half of the scenarios are well. */
const WELL_MINUTES = 15;
/** Weather shorter than this is over before a mapping has turned. */
const SPELL_MIN_MINUTES = 0.5;

/** Draws capacity, faults and lengths of calls over time; each may be as usual all the time. */
export function drawWeather(maxConcurrency: number, times: WeatherTimes, lots: Lots): DrawnWeather {
  const endMinute = lots.chance(0.5) ? Math.max(1, times.durationMinutes - WELL_MINUTES) : undefined;
  const line = (value: () => number, usual: number, levels: number) =>
    drawLine({ usual, value, levels, endMinute, times }, lots);
  const level = () => drawCapacity(maxConcurrency, lots);
  const capacity = lots.chance(0.75)
    ? line(level, maxConcurrency, lots.pick([1, 1, 2, 2, 3, 4, 6, 8]))
    : ([[0, maxConcurrency]] satisfies TimeLine);
  const share = () => lots.pick([0.005, 0.01, 0.03, 0.06, 0.1, 0.4, 0.9]);
  const factor = () => lots.pick([0.5, 2, 3, 5, 20]);
  return {
    capacity,
    faultRatio: lots.chance(0.35) ? line(share, lots.pick([0, 0, 0.01, 0.03]), lots.whole(1, 3)) : [[0, 0]],
    latencyFactor: lots.chance(0.25) ? line(factor, 1, lots.whole(1, 2)) : [[0, 1]],
    fragile: lots.chance(0.12)
      ? { downMinutes: lots.pick([1, 3, 5]), rampPerMinute: lots.pick([1, 3, 10]) }
      : null,
  };
}

interface LineOptions {
  readonly usual: number;
  readonly value: () => number;
  readonly levels: number;
  readonly endMinute: number | undefined;
  readonly times: WeatherTimes;
}

/** Levels one after the other, and usual times between some of them; one in five begins in the first second. */
function drawLine({ usual, value, levels, endMinute, times }: LineOptions, lots: Lots): TimeLine {
  const untilMinute = endMinute ?? times.durationMinutes;
  const lengthMinutes = () => lots.logBetween(SPELL_MIN_MINUTES, Math.max(1, untilMinute / 2));
  const steps: TimeLineStep[] = [];
  let minute = lots.between(0.001, lots.chance(0.2) ? 1 / 60 : Math.min(untilMinute, times.busyMinutes));
  for (let level = 0; level < levels && minute < untilMinute; level += 1) {
    steps.push([minute, value()]);
    minute += lengthMinutes();
    if (lots.chance(0.4)) continue;
    steps.push([minute, usual]);
    minute += lengthMinutes();
  }
  const kept = steps.filter(([at]) => at < untilMinute);
  const end: readonly TimeLineStep[] = endMinute === undefined ? [] : [[endMinute, usual]];
  return [[0, usual], ...kept, ...end];
}

/** An outage, most of X, part of it, or one or two. */
function drawCapacity(maxConcurrency: number, lots: Lots): number {
  const partOf = (from: number, to: number) =>
    Math.max(1, Math.round(maxConcurrency * lots.between(from, to)));
  switch (lots.whole(0, 5)) {
    case 0:
    case 1:
      return 0;
    case 2:
    case 3:
      return partOf(0.5, 0.95);
    case 4:
      return partOf(0.05, 0.5);
    default:
      return lots.whole(1, 2);
  }
}
