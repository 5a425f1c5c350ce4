import type { AccessWindow, AccessWindows } from "./access-windows.ts";
import { type Interval, union } from "./intervals.ts";
import { weekdaysOf } from "./weekdays.ts";

/** Length of a day on a wall clock, whose hours are neither skipped nor repeated. */
export const DAY_MS: number = 24 * 60 * 60_000;

/** 1970-01-01, day 0 of the epoch, was a Thursday. */
const FIRST_WEEKDAY = 3;

/**
 * Windows on a wall clock, whatever the time zone. Their instants are wall times: epoch ms at which a clock in UTC shows
 * the same date and time.
 */
export interface WallWindows {
  /** The time in windows of `open` that begin on the days of a span, which has whole days; all of it without `open`. */
  readonly open: (span: Interval) => Interval[];
  /** The time in windows of `closed` that begin on the days of a span. */
  readonly closed: (span: Interval) => Interval[];
  /** Wall times at which the dates begin that the windows name. */
  readonly datesMs: readonly number[];
}

/** Reads windows that are valid, so that they can be asked often. */
export function wallWindowsOf({ open, closed = [] }: AccessWindows): WallWindows {
  const closings = closed.map(dailyWindowOf);
  const openings = open?.map(dailyWindowOf);
  return {
    open: (span) => (openings === undefined ? [span] : intervalsOf(openings, span)),
    closed: (span) => intervalsOf(closings, span),
    datesMs: [...(openings ?? []), ...closings].flatMap(({ datesMs }) => [...datesMs]),
  };
}

interface DailyWindow {
  readonly weekdays: ReadonlySet<number>;
  readonly datesMs: ReadonlySet<number>;
  /** Time from the beginning of its day. */
  readonly beginsAfterMs: number;
  /** The same of its end, which may lie on the following day. */
  readonly endsAfterMs: number;
}

function dailyWindowOf({ days = [], dates = [], from = "00:00", to = "24:00" }: AccessWindow): DailyWindow {
  const beginsAfterMs = timeOfDayMs(from);
  const endsAfterMs = timeOfDayMs(to);
  return {
    weekdays: new Set(days.flatMap((text) => weekdaysOf(text) ?? [])),
    datesMs: new Set(dates.map((date) => Date.parse(date))),
    beginsAfterMs,
    endsAfterMs: endsAfterMs > beginsAfterMs ? endsAfterMs : endsAfterMs + DAY_MS,
  };
}

function timeOfDayMs(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}

function intervalsOf(windows: readonly DailyWindow[], { fromMs, untilMs }: Interval): Interval[] {
  const intervals: Interval[] = [];
  for (let dayMs = fromMs; dayMs < untilMs; dayMs += DAY_MS) {
    const weekday = weekdayOf(dayMs);
    for (const { weekdays, datesMs, beginsAfterMs, endsAfterMs } of windows) {
      if (weekdays.has(weekday) || datesMs.has(dayMs)) {
        intervals.push({ fromMs: dayMs + beginsAfterMs, untilMs: dayMs + endsAfterMs });
      }
    }
  }
  return union(intervals);
}

/** The day of the week of a wall time: 0 is Monday. */
export function weekdayOf(wallMs: number): number {
  return (((Math.floor(wallMs / DAY_MS) + FIRST_WEEKDAY) % 7) + 7) % 7;
}
