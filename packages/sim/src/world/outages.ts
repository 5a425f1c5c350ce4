import type { TimeLine } from "../provider-simulator/time-line.ts";

/** A time in which the provider can bear nothing, counted from the start of the run. */
export interface Outage {
  readonly fromMs: number;
  /** Plus infinity if it never ends. */
  readonly untilMs: number;
}

/** The outages that a time line of capacities announces, in order; what a fragile provider adds is none of them. */
export function outagesOf(capacity: TimeLine): readonly Outage[] {
  return capacity.flatMap(([fromMinute, count], at): Outage[] => {
    const isStart = count === 0 && (at === 0 || capacity[at - 1]?.[1] !== 0);
    if (!isStart) return [];
    const end = capacity.slice(at).find(([, later]) => later > 0);
    return [
      {
        fromMs: fromMinute * 60_000,
        untilMs: end === undefined ? Number.POSITIVE_INFINITY : end[0] * 60_000,
      },
    ];
  });
}
