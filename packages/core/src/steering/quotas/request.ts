import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { QuotaRequest, QuotaState } from "../../ports/quota-store.ts";
import type { Lane } from "../../provider/lane.ts";
import { dayKindOf, quotaDayAt } from "./quota-day.ts";
import { freeFromFor, usedBefore } from "./quota-steps.ts";
import { TRAVEL_MS } from "./spacing.ts";
import type { QuotaTerms } from "./terms.ts";

/** A reservation as it may be made now, or the instant until which none may. */
export type Asking =
  | { readonly kind: "ask"; readonly request: QuotaRequest; readonly startByMaxMs: number }
  | { readonly kind: "shut"; readonly untilMs: number };

/** Starts that are wanted. */
export interface Wanted {
  readonly lane: Lane;
  readonly count: number;
  /** The first start is of use until then. */
  readonly untilMs: number;
}

/** No start so shortly before a reset that it may be counted after it, and none so shortly after that it may be before. */
const QUIET_BEFORE_MS = CLOCK_SKEW_MS + TRAVEL_MS;
const QUIET_AFTER_MS = CLOCK_SKEW_MS;
/**
 * The bulk reserves no further ahead than this, so that an express record, which may, waits for no longer. Batches that
 * wait keep the spacing busy.
 */
export const BULK_AHEAD_MS = 5_000;

/**
 * The reservation that may be made now.
 * @param known the item as it was seen last; of an older one the spread of a day is a little less even
 */
export function askingOf(terms: QuotaTerms, wanted: Wanted, known: QuotaState, nowMs: number): Asking {
  const { day: daily } = terms;
  const day = daily && quotaDayAt(daily.timeZone, daily, nowMs);
  if (day !== undefined) {
    if (nowMs < day.startsAtMs + QUIET_AFTER_MS) return shutUntil(day.startsAtMs);
    if (nowMs >= day.endsAtMs - QUIET_BEFORE_MS) return shutUntil(day.endsAtMs);
  }
  const usedAtMost = daily?.usedAtMost[wanted.lane] ?? Number.POSITIVE_INFINITY;
  const asked = daily && day && { name: day.name, kind: dayKindOf(daily), startsAtMs: day.startsAtMs };
  const leftCount = usedAtMost - (asked === undefined ? 0 : usedBefore(known, asked));
  const count = Math.min(wanted.count, Math.max(1, leftCount));
  const intervals = intervalsOf(terms, wanted.lane, known, nowMs);
  const aheadMaxMs = Math.min(wanted.untilMs - nowMs, wanted.lane === "records" ? BULK_AHEAD_MS : Infinity);
  const request: QuotaRequest = {
    count: intervals ? Math.min(count, fittingCount(wanted, known, intervals, nowMs)) : count,
    nowMs,
    ...(intervals && { spacing: { ...intervals, aheadMaxMs: Math.max(0, aheadMaxMs) } }),
    ...(asked && { day: { ...asked, usedAtMost } }),
  };
  const startByMaxMs = day === undefined ? Number.POSITIVE_INFINITY : day.endsAtMs - QUIET_BEFORE_MS;
  return { kind: "ask", request, startByMaxMs };
}

/** The instant from which on a refused reservation may be tried again. */
export function refusedUntilMs(
  terms: QuotaTerms,
  { lane }: Pick<Wanted, "lane">,
  state: QuotaState,
  nowMs: number,
): number {
  const { day: daily } = terms;
  const day = daily && quotaDayAt(daily.timeZone, daily, nowMs);
  if (daily !== undefined && day !== undefined) {
    const kind = dayKindOf(daily);
    const isUsedUp = usedBefore(state, { ...day, kind }) >= daily.usedAtMost[lane];
    if (isUsedUp || (state.dayKind === kind && state.day > day.name)) return day.endsAtMs + QUIET_AFTER_MS;
  }
  const intervals = intervalsOf(terms, lane, state, nowMs);
  if (intervals === undefined) return nowMs;
  return Math.max(nowMs, freeFromFor(state, intervals) - (lane === "records" ? BULK_AHEAD_MS : 0));
}

function shutUntil(resetMs: number): Asking {
  return { kind: "shut", untilMs: resetMs + QUIET_AFTER_MS };
}

/** Starts whose instants come before they are of no use any more. */
function fittingCount({ untilMs }: Wanted, known: QuotaState, intervals: Intervals, nowMs: number): number {
  const firstAtMs = Math.max(nowMs, freeFromFor(known, intervals));
  return Math.max(1, 1 + Math.floor((untilMs - firstAtMs) / intervals.intervalMs));
}

type Intervals = Pick<NonNullable<QuotaRequest["spacing"]>, "intervalMs" | "longestMs">;

/** Time between two starts of a lane, and of the lane that has the longest; undefined where neither is spaced out. */
function intervalsOf(
  { day: daily, spacing }: QuotaTerms,
  lane: Lane,
  known: QuotaState,
  nowMs: number,
): Intervals | undefined {
  const shortestMs = spacing?.intervalMs ?? 0;
  const longestMs = Math.max(shortestMs, daily?.spread === true ? spreadIntervalMs(daily, known, nowMs) : 0);
  const intervalMs = lane === "records" ? longestMs : shortestMs;
  return intervalMs > 0 ? { intervalMs, longestMs } : undefined;
}

/** Time between two starts of the bulk so that the day's quota lasts until its reset; 0 if nothing is left of it. */
function spreadIntervalMs(daily: NonNullable<QuotaTerms["day"]>, known: QuotaState, nowMs: number): number {
  const day = quotaDayAt(daily.timeZone, daily, nowMs);
  const leftCount = daily.usedAtMost.records - usedBefore(known, { ...day, kind: dayKindOf(daily) });
  return leftCount <= 0 ? 0 : Math.floor((day.endsAtMs - nowMs) / leftCount);
}
