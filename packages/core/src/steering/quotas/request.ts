import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { QuotaRequest, QuotaState } from "../../ports/quota-store.ts";
import type { Lane } from "../../provider/lane.ts";
import { type QuotaDay, quotaDayAt } from "./quota-day.ts";
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
  const { day: daily, spacing } = terms;
  const day = daily && quotaDayAt(daily.timeZone, daily, nowMs);
  if (day !== undefined) {
    if (nowMs < day.startsAtMs + QUIET_AFTER_MS) return shutUntil(day.startsAtMs);
    if (nowMs >= day.endsAtMs - QUIET_BEFORE_MS) return shutUntil(day.endsAtMs);
  }
  const usedAtMost = daily?.usedAtMost[wanted.lane] ?? Number.POSITIVE_INFINITY;
  const usedCount = day !== undefined && known.day === day.name ? known.usedCount : 0;
  const count = Math.min(wanted.count, Math.max(1, usedAtMost - usedCount));
  const spreadMs = spreadIntervalMs(terms, usedAtMost - usedCount, day, nowMs);
  const intervalMs = Math.max(spacing?.intervalMs ?? 0, wanted.lane === "records" ? spreadMs : 0);
  const aheadMaxMs = Math.min(wanted.untilMs - nowMs, wanted.lane === "records" ? BULK_AHEAD_MS : Infinity);
  const request: QuotaRequest = {
    count: intervalMs > 0 ? Math.min(count, fittingCount(wanted, known, intervalMs, nowMs)) : count,
    nowMs,
    ...(intervalMs > 0 && { spacing: { intervalMs, aheadMaxMs: Math.max(0, aheadMaxMs) } }),
    ...(day !== undefined && { day: { name: day.name, usedAtMost } }),
  };
  const startByMaxMs = day === undefined ? Number.POSITIVE_INFINITY : day.endsAtMs - QUIET_BEFORE_MS;
  return { kind: "ask", request, startByMaxMs };
}

/** The instant from which on a refused reservation may be tried again. */
export function refusedUntilMs(
  { day: daily, spacing }: QuotaTerms,
  { lane }: Pick<Wanted, "lane">,
  state: QuotaState,
  nowMs: number,
): number {
  const day = daily && quotaDayAt(daily.timeZone, daily, nowMs);
  if (daily !== undefined && day !== undefined) {
    const isUsedUp = state.day === day.name && state.usedCount >= daily.usedAtMost[lane];
    if (isUsedUp || state.day > day.name) return day.endsAtMs + QUIET_AFTER_MS;
  }
  if (spacing === undefined && daily?.spread !== true) return nowMs;
  return Math.max(nowMs, state.freeFromMs - (lane === "records" ? BULK_AHEAD_MS : 0));
}

function shutUntil(resetMs: number): Asking {
  return { kind: "shut", untilMs: resetMs + QUIET_AFTER_MS };
}

/** Starts whose instants come before they are of no use any more. */
function fittingCount(
  { untilMs }: Wanted,
  { freeFromMs }: QuotaState,
  intervalMs: number,
  nowMs: number,
): number {
  return Math.max(1, 1 + Math.floor((untilMs - Math.max(nowMs, freeFromMs)) / intervalMs));
}

/** Time between two starts of the bulk so that the day's quota lasts until its reset; 0 where it is not spread. */
function spreadIntervalMs(
  { day: daily }: QuotaTerms,
  leftCount: number,
  day: QuotaDay | undefined,
  nowMs: number,
): number {
  if (daily?.spread !== true || day === undefined || leftCount <= 0) return 0;
  return Math.floor((day.endsAtMs - nowMs) / leftCount);
}
