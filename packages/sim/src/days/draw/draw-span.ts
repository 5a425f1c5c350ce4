import type { Lots } from "../../provider-simulator/lots.ts";
import type { Span } from "../story.ts";

/** The length of a day, and that part of it in which there is most to do. */
export interface DayTimes {
  readonly minutes: number;
  /** From the start on; the records that are there then would take so long on a good day. */
  readonly busyMinutes: number;
}

/**
 * Draws a time of a day that lasts for seconds to hours: it begins with the day in one of five cases, and mostly while
 * there is much to do, because trouble breaks nothing where nothing is under way.
 */
export function drawSpan({ minutes, busyMinutes }: DayTimes, lots: Lots): Span {
  const fromMinute = drawStart({ minutes, busyMinutes }, lots);
  return { fromMinute, untilMinute: Math.min(minutes, fromMinute + lots.logBetween(0.1, minutes)) };
}

function drawStart({ minutes, busyMinutes }: DayTimes, lots: Lots): number {
  if (lots.chance(0.2)) return lots.pick([0, 0.001, 0.02, 0.1, 1]);
  return lots.chance(0.75) ? lots.between(0, busyMinutes) : lots.between(0, minutes * 0.8);
}
