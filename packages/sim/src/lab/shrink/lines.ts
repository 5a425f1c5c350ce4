import type { TimeLine, TimeLineStep } from "../../provider-simulator/time-line.ts";
import { without } from "../../shrinking/without.ts";

/** A line that has one value all the time. */
export function flat(value: number): TimeLine {
  return [[0, value]];
}

/**
 * Makes a time line of steps that ascend from minute 0 on, of which some may share a minute: the last of those counts.
 * Steps that change nothing are left out.
 */
export function lineOf(steps: readonly TimeLineStep[]): TimeLine {
  const effective = steps.filter(([minute], at) => minute !== steps[at + 1]?.[0]);
  const changing = effective.filter(([, value], at) => value !== effective[at - 1]?.[1]);
  return changing as readonly TimeLineStep[] as TimeLine;
}

/** Lines with fewer steps: with the usual value all the time, then without some steps of their own. */
export function* calmerLines(line: TimeLine, usual: number): Generator<TimeLine> {
  if (line.length > 1 || line[0][1] !== usual) yield flat(usual);
  if (line.length === 1) return;
  for (const [first, ...later] of without(line))
    if (first !== undefined) yield lineOf([[0, first[1]], ...later]);
}

/** The line with other values. */
export function withValues(line: TimeLine, valueFor: (value: number) => number): TimeLine {
  return lineOf(line.map(([minute, value]) => [minute, valueFor(value)]));
}

/** The line without a span of time: what follows moves up. */
export function withoutSpan(line: TimeLine, fromMinute: number, untilMinute: number): TimeLine {
  const lengthMinutes = untilMinute - fromMinute;
  return lineOf(
    line.map(([minute, value]) => [
      minute < fromMinute ? minute : Math.max(fromMinute, minute - lengthMinutes),
      value,
    ]),
  );
}

/** The line in less time: every minute times a scale. */
export function withScaledMinutes(line: TimeLine, scale: number): TimeLine {
  return lineOf(line.map(([minute, value]) => [minute * scale, value]));
}

/** The line with its minutes rounded down to so many decimals. */
export function withRounderMinutes(line: TimeLine, decimals: number): TimeLine {
  return lineOf(line.map(([minute, value]) => [roundedDown(minute, decimals), value]));
}

/** A number above 0 rounded down to so many decimals. */
export function roundedDown(value: number, decimals: number): number {
  const rounded = Number(value.toFixed(decimals));
  return rounded <= value ? rounded : Number((rounded - 10 ** -decimals).toFixed(decimals));
}
