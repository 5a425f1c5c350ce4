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
 * The bulk reserves no turn further ahead than this, so that an express record, which may, waits for no longer. Batches that
 * wait keep the spacing busy.
 */
export const BULK_AHEAD_MS = 5_000;
/** A block of the bulk's is worth its write if it has as many turns as this takes, or all that are wanted. */
const WORTH_MS = BULK_AHEAD_MS / 2;

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
  const request: QuotaRequest = {
    nowMs,
    ...(intervals ? spacedBlockOf(terms, { ...wanted, count }, intervals, known, nowMs) : { count }),
    ...(asked && { day: { ...asked, usedAtMost } }),
  };
  const startByMaxMs = day === undefined ? Number.POSITIVE_INFINITY : day.endsAtMs - QUIET_BEFORE_MS;
  return { kind: "ask", request, startByMaxMs };
}

/**
 * The instant from which on a refused reservation may be tried again.
 * @param wanted of no count: one start
 */
export function refusedUntilMs(
  terms: QuotaTerms,
  { lane, count = 1 }: Pick<Wanted, "lane"> & Partial<Pick<Wanted, "count">>,
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
  const worthMs = lastAfterMs(terms, lane, worthCount(count, intervals), intervals);
  return Math.max(nowMs, freeFromFor(state, intervals) + worthMs - aheadMaxMsOf(lane));
}

/** A block of a lane whose starts are spaced out, and that is no longer than it may be ahead. */
function spacedBlockOf(
  terms: QuotaTerms,
  wanted: Wanted,
  intervals: Intervals,
  known: QuotaState,
  nowMs: number,
): Pick<QuotaRequest, "count"> & Required<Pick<QuotaRequest, "spacing">> {
  const { lane, untilMs } = wanted;
  const firstAtMs = Math.max(nowMs, freeFromFor(known, intervals));
  const usefulCount = Math.min(wanted.count, startsUntil(untilMs, firstAtMs, intervals));
  const isBound = lastAfterMs(terms, lane, 2, intervals) > 0;
  const roomCount = isBound ? startsUntil(nowMs + aheadMaxMsOf(lane), firstAtMs, intervals) : usefulCount;
  const count = Math.min(usefulCount, Math.max(roomCount, worthCount(usefulCount, intervals)));
  const blockAheadMs = aheadMaxMsOf(lane) - lastAfterMs(terms, lane, count, intervals);
  const aheadMaxMs = Math.max(0, Math.min(untilMs - nowMs, blockAheadMs));
  return { count, spacing: { ...intervals, aheadMaxMs } };
}

function aheadMaxMsOf(lane: Lane): number {
  return lane === "records" ? BULK_AHEAD_MS : Number.POSITIVE_INFINITY;
}

/** Time from the first start of a block to the last one, where the other lane has to wait for it; else 0. */
function lastAfterMs({ spacing }: QuotaTerms, lane: Lane, count: number, { intervalMs }: Intervals): number {
  return lane === "records" && spacing !== undefined ? (count - 1) * intervalMs : 0;
}

/** Starts of a block that is worth its write. */
function worthCount(count: number, { intervalMs }: Intervals): number {
  return Math.min(count, 1 + Math.floor(WORTH_MS / intervalMs));
}

function shutUntil(resetMs: number): Asking {
  return { kind: "shut", untilMs: resetMs + QUIET_AFTER_MS };
}

/** Starts from a first one on until an instant, at least that one. */
function startsUntil(untilMs: number, firstAtMs: number, { intervalMs }: Intervals): number {
  return Math.max(1, 1 + Math.floor((untilMs - firstAtMs) / intervalMs));
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
