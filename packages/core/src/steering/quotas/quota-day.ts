import { providerDay } from "../../provider/day.ts";
import type { DayQuota } from "../../provider/quota.ts";

/** A day of a quota: from one reset to the next. */
export interface QuotaDay {
  /** The calendar day of its beginning in the provider's time zone; names sort by time. */
  readonly name: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** The kind of a day's quota: days that reset together are of one. */
export function dayKindOf({
  timeZone,
  resetsAt,
}: {
  readonly timeZone: string;
  readonly resetsAt: string;
}): string {
  return `${timeZone} ${resetsAt}`;
}

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No zone is further from UTC than this. */
const OFFSET_MAX_MS = 15 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();
/** The last answer: nearly every question lies within it. */
let last: { readonly key: string; readonly day: QuotaDay } | undefined;

/**
 * The quota's day of an instant. The reset is when the clocks of the zone first read its time on a calendar day, or, where
 * they jump over it, first read a later one: a day has 23 to 25 hours.
 */
export function quotaDayAt(
  timeZone: string,
  { resetsAt }: Pick<DayQuota, "resetsAt">,
  atMs: number,
): QuotaDay {
  const key = `${timeZone} ${resetsAt}`;
  if (last?.key === key && last.day.startsAtMs <= atMs && atMs < last.day.endsAtMs) return last.day;
  const today = Date.parse(`${providerDay(timeZone, atMs)}T00:00Z`);
  const resets = [-1, 0, 1, 2].map((days) => {
    const name = new Date(today + days * DAY_MS).toISOString().slice(0, 10);
    return { name, atMs: resetOn(timeZone, name, resetsAt) };
  });
  const at = resets.findLastIndex((reset) => reset.atMs <= atMs);
  const [start, end] = [resets[Math.max(0, at)], resets[Math.max(0, at) + 1]];
  if (start === undefined || end === undefined) throw new RangeError(`no day of ${timeZone} holds ${atMs}`);
  const day = { name: start.name, startsAtMs: start.atMs, endsAtMs: end.atMs };
  last = { key, day };
  return day;
}

/** The first instant at which the zone's clocks read a time of a calendar day, or a later one. */
function resetOn(timeZone: string, day: string, time: string): number {
  const wantedMs = Date.parse(`${day}T${time}Z`);
  const fromMs = Math.floor((wantedMs - OFFSET_MAX_MS) / QUARTER_MS) * QUARTER_MS;
  for (let quarterMs = fromMs; quarterMs <= wantedMs + OFFSET_MAX_MS; quarterMs += QUARTER_MS) {
    const readsMs = wallMs(timeZone, quarterMs);
    // Clocks jump at whole quarters only, so that they run evenly within one.
    if (readsMs + QUARTER_MS > wantedMs) return quarterMs + Math.max(0, wantedMs - readsMs);
  }
  throw new RangeError(`the clocks of ${timeZone} never read ${day} ${time}`);
}

/** The reading of the zone's clocks, as if it were UTC. */
function wallMs(timeZone: string, atMs: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // The Swedish locale writes dates and times as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
    formats.set(timeZone, format);
  }
  return Date.parse(`${format.format(atMs).replace(" ", "T")}Z`);
}
