import type { Opening, Snapshot } from "../ports/history-store.ts";
import type { Lane } from "../provider/lane.ts";
import { type QuotaDay, quotaDayAt } from "../steering/quotas/quota-day.ts";
import { type QuotaTerms, quotaTermsOf } from "../steering/quotas/terms.ts";
import { calendarFor } from "../steering/windows/access.ts";
import type { Calendar } from "../steering/windows/calendar.ts";
import { instantAfterOpenMs, openMsBetween } from "../steering/windows/questions.ts";
import { expectedPerMinute, type Outlook, shutUntilMs } from "./outlook.ts";

/** Records that are to be worked off. */
export interface Work {
  readonly lane: Lane;
  /** Records of the run that are open. */
  readonly openCount: number;
  /** The run has had no end yet: what was enqueued before it comes first. */
  readonly isUntouched: boolean;
  /** Records a minute that may be reckoned with; absent before there is a rate. */
  readonly ratePerMinute?: number;
  /** The mapping brings fewer until then. */
  readonly opening?: Opening;
}

/** A run that takes longer than this has no end that could be told. */
const DAYS_MAX = 400;
const MINUTE_MS = 60_000;

/**
 * The instant at which the last record will have had its end if all goes on as it is: at the given rate, or at limit ÷
 * mean latency where there is none; never faster than quotas, only while the provider is open, and after what keeps it shut.
 * Undefined if that can't be told.
 */
export function endsAtMsOf(work: Work, outlook: Outlook, nowMs: number): number | undefined {
  const { contract, latest } = outlook;
  const { lane } = work;
  const perMs = (work.ratePerMinute ?? expectedPerMinute(outlook, lane)) / MINUTE_MS;
  const flow = { perMs, terms: quotaTermsOf(contract), calendar: calendarFor(contract), lane, latest };
  let leftCount = work.openCount + aheadCount(work, latest);
  let atMs = Math.max(nowMs, shutUntilMs(outlook, lane));
  const { opening } = work;
  if (opening !== undefined && atMs < opening.atMs) {
    const doneCount = (opening.atMs - atMs) * opening.part * perMs;
    if (doneCount >= leftCount) return atMs + leftCount / (opening.part * perMs);
    leftCount -= doneCount;
    atMs = opening.atMs;
  }
  for (let days = 0; days < DAYS_MAX; days += 1) {
    const day = dayOf(flow.terms, atMs);
    const { endMs, doneCount } = workOff(leftCount, atMs, day, flow);
    if (endMs === undefined || doneCount >= leftCount) return endMs;
    leftCount -= doneCount;
    atMs = endMs;
  }
  return undefined;
}

interface Flow {
  readonly perMs: number;
  readonly terms: QuotaTerms | undefined;
  readonly calendar: Calendar;
  readonly lane: Lane;
  readonly latest: Snapshot;
}

/** Works off records until they are done, or the quota's day is over. `endMs` is undefined if neither ever is. */
function workOff(
  count: number,
  atMs: number,
  day: QuotaDay | undefined,
  flow: Flow,
): { readonly endMs: number | undefined; readonly doneCount: number } {
  const { calendar, perMs } = flow;
  const allowedCount = day === undefined ? count : Math.min(count, leftOf(day, flow));
  const endMs = instantAfterOpenMs(calendar, atMs, allowedCount / perMs);
  if (day === undefined) return { endMs, doneCount: count };
  if (endMs !== undefined && endMs <= day.endsAtMs && allowedCount === count) {
    return { endMs, doneCount: count };
  }
  const doneCount = Math.min(allowedCount, openMsBetween(calendar, atMs, day.endsAtMs) * perMs);
  return { endMs: day.endsAtMs, doneCount };
}

/** Starts that a lane has left of a day. */
function leftOf(day: QuotaDay, { terms, lane, latest: { quotaUsed } }: Flow): number {
  const usedAtMost = terms?.day?.usedAtMost[lane] ?? 0;
  return Math.max(0, usedAtMost - (quotaUsed?.day === day.name ? quotaUsed.usedCount : 0));
}

function dayOf(terms: QuotaTerms | undefined, atMs: number): QuotaDay | undefined {
  return terms?.day && quotaDayAt(terms.day.timeZone, terms.day, atMs);
}

/** Records that come before the last one of a run: express first, and what was there before it. */
function aheadCount({ lane, openCount, isUntouched }: Work, { queued }: Snapshot): number {
  const own = queued[lane].visibleCount + queued[lane].inFlightCount;
  const earlierCount = isUntouched ? Math.max(0, own - openCount) : 0;
  return lane === "express" ? earlierCount : earlierCount + queued.express.visibleCount;
}
