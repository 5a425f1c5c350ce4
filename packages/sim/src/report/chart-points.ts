import { decimate, type Point } from "./decimate.ts";
import type { Trace, TraceSample } from "./trace.ts";

/** Enough for every pixel column of a chart to have one. */
const POINTS_MAX = 400;

/** A measure of each sample that has it. */
export function pointsOf(
  { samples }: Trace,
  measure: (sample: TraceSample) => number | undefined,
): readonly Point[] {
  return samples.flatMap((sample) => {
    const value = measure(sample);
    return value === undefined ? [] : [{ atMs: sample.atMs, value }];
  });
}

/** The same line in few points: none between two of the same value, and none that no pixel shows. */
export function thinnedOut(points: readonly Point[]): readonly Point[] {
  const turns = points.filter(
    ({ value }, index) => value !== points[index - 1]?.value || value !== points[index + 1]?.value,
  );
  return decimate(turns, POINTS_MAX);
}

/** The points, and the last value once more at the end of the run. */
export function untilEnd({ durationMs }: Trace, points: readonly Point[]): readonly Point[] {
  const last = points.at(-1);
  return last === undefined || last.atMs >= durationMs ? points : [...points, { ...last, atMs: durationMs }];
}
