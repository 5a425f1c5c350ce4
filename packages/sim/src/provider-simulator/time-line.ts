/** One step of a time line: from `minute` on, the value is `value`. */
export type TimeLineStep = readonly [minute: number, value: number];

/** A value that changes in steps; minutes ascend and start with 0. */
export type TimeLine = readonly [TimeLineStep, ...TimeLineStep[]];

/** The value at an instant; the last step lasts for ever. */
export function valueAt(line: TimeLine, minute: number): number {
  let [[, value]] = line;
  for (const [fromMinute, next] of line) {
    if (fromMinute > minute) break;
    value = next;
  }
  return value;
}

/** The minute at which the line last rose from 0, up to `minute`; minus infinity if it never did. */
export function lastRiseFromZeroMinute(line: TimeLine, minute: number): number {
  let lastRise = Number.NEGATIVE_INFINITY;
  let previous = Number.POSITIVE_INFINITY;
  for (const [fromMinute, value] of line) {
    if (fromMinute > minute) break;
    if (previous === 0 && value > 0) lastRise = fromMinute;
    previous = value;
  }
  return lastRise;
}
