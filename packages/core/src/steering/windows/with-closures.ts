import { type Interval, union } from "../../provider/windows/intervals.ts";
import { type Calendar, grown, remembering, type Stretch } from "./calendar.ts";

/** A time in which an operator has the provider left alone, in whole epoch ms; until infinity, if need be. */
export type Closure = Interval;

/** A calendar that is closed during the closures too. It answers the same questions. */
export function withClosures(calendar: Calendar, closures: readonly Closure[]): Calendar {
  const merged = union(closures);
  if (merged.length === 0) return calendar;
  const pieceAt = (atMs: number) => pieceOf(calendar, merged, atMs);
  return remembering((atMs) =>
    grown(
      pieceAt(atMs),
      (fromMs) => (fromMs === Number.NEGATIVE_INFINITY ? undefined : pieceAt(fromMs - 1)),
      (untilMs) => (untilMs === Number.POSITIVE_INFINITY ? undefined : pieceAt(untilMs)),
    ),
  );
}

/** The closure that an instant lies in, or else the calendar's stretch as far as closures leave it. */
function pieceOf(calendar: Calendar, closures: readonly Closure[], atMs: number): Stretch {
  const next = closures.find(({ untilMs }) => atMs < untilMs);
  if (next !== undefined && next.fromMs <= atMs) return { isOpen: false, ...next };
  const stretch = calendar.stretchAt(atMs);
  const previous = closures.findLast(({ untilMs }) => untilMs <= atMs);
  return {
    isOpen: stretch.isOpen,
    fromMs: Math.max(stretch.fromMs, previous?.untilMs ?? Number.NEGATIVE_INFINITY),
    untilMs: Math.min(stretch.untilMs, next?.fromMs ?? Number.POSITIVE_INFINITY),
  };
}
