import type { Opening } from "../ports/history-store.ts";
import type { Run, RunPart } from "../ports/run-store.ts";
import type { Lane } from "../provider/lane.ts";
import { endsAtMsOf } from "./ends-at.ts";
import { CHANGE, flowClockMs } from "./opening.ts";
import { batchMsOf, expectedPerMinute, isToCome, type Outlook, openingIn, shutUntilMs } from "./outlook.ts";
import { likelyPerMinute, type RecentEnds, ratePerMinute, recentEnds, type Way } from "./rate.ts";

/** The rate of an open run, and its end. */
export interface Pace {
  /** Records that have ended of late, per minute, while the provider could be called; absent while none has. */
  readonly ratePerMinute?: number;
  /** Absent while it can't be told. */
  readonly endsAtMs?: number;
  /** Time by which it may come sooner or later, where that is more than a fifth of the time left. */
  readonly endUnsureMs?: number;
}

/** An open run as its ledger has it. */
export interface OpenRun extends Pick<Run, "isSealed" | "lane"> {
  /** The parts of its ledger that have a mark. */
  readonly parts: readonly RunPart[];
  readonly openCount: number;
}

/** A deployment's waker tells its news within this time. */
const TOLD_WITHIN_MS = 60_000;
/** Part of the time until an end by which it may be missed without a word. */
const KNOWN_TO_PART = 0.2;

/**
 * The pace of an open run.
 * @param outlook undefined if it may not be read: then the run's own rate alone tells its end
 */
export function paceOf(run: OpenRun, outlook: Outlook | "untold" | undefined, nowMs: number): Pace {
  const { isSealed, openCount } = run;
  const told = outlook === "untold" ? undefined : outlook;
  const rate = rateOf(run, told, nowMs);
  if (!isSealed || openCount === 0 || (outlook === "untold" && isNew(run, nowMs))) return rate;
  const end = told === undefined ? endAtRate(run, nowMs) : endWith(run, told, nowMs);
  return { ...rate, ...end };
}

type End = Omit<Pace, "ratePerMinute">;

/** True for a run whose first records have just ended: without a waker's news it may be a deployment whose mapping is not open. */
function isNew({ parts }: OpenRun, nowMs: number): boolean {
  return nowMs - Math.min(...parts.map(({ firstAtMs }) => firstAtMs)) < TOLD_WITHIN_MS;
}

function rateOf(run: OpenRun, outlook: Outlook | undefined, nowMs: number): Pick<Pace, "ratePerMinute"> {
  const recent = recentEnds(wayOf(run, outlook), asOfMs(run, outlook, nowMs));
  return recent === undefined ? {} : { ratePerMinute: ratePerMinute(recent) };
}

function wayOf({ parts, lane }: OpenRun, outlook: Outlook | undefined): Way {
  return { parts, batchMs: outlook === undefined ? 0 : batchMsOf(outlook, lane) };
}

/** The instant that the way of a run is looked at from: a time in which nothing may start says nothing of its rate. */
function asOfMs({ parts, lane }: OpenRun, outlook: Outlook | undefined, nowMs: number): number {
  const isShut = outlook !== undefined && shutUntilMs(outlook, lane) > nowMs;
  return isShut ? Math.max(...parts.map(({ lastAtMs }) => lastAtMs)) : nowMs;
}

function endAtRate(run: OpenRun, nowMs: number): End {
  const recent = recentEnds(wayOf(run, undefined), nowMs);
  if (recent === undefined) return {};
  const perMs = ratePerMinute(recent) / 60_000;
  return { endsAtMs: Math.round(nowMs + leftCount(run, recent, nowMs, perMs) / perMs) };
}

function endWith(run: OpenRun, outlook: Outlook, nowMs: number): End {
  const { parts, lane } = run;
  const opening = openingIn(outlook, lane);
  const clockMs = (atMs: number) => flowClockMs(atMs, opening);
  const { batchMs } = wayOf(run, outlook);
  const atMs = clockMs(asOfMs(run, outlook, nowMs));
  const expected = expectedPerMinute(outlook, lane);
  const recent = recentEnds({ parts, batchMs, clockMs }, atMs);
  const isOpening = opening !== undefined && isToCome(opening, outlook);
  // A run that has its ends through a mapping that opens says nothing of the rate: that may have been sooner than thought.
  const perMinute = recent && (isOpening ? expected : likelyWith(recent, outlook, lane));
  const work = {
    lane,
    openCount: recent && perMinute ? leftCount(run, recent, atMs, perMinute / 60_000) : run.openCount,
    isUntouched: parts.length === 0,
    ...(perMinute !== undefined && { ratePerMinute: perMinute }),
    ...(opening !== undefined && { opening }),
  };
  const endsAtMs = endsAtMsOf(work, outlook, nowMs);
  if (endsAtMs === undefined) return {};
  const unsureMs = isOpening ? unsureOf(endsAtMs, opening) : 0;
  const isUnsure = unsureMs > KNOWN_TO_PART * (endsAtMs - nowMs);
  return { endsAtMs: Math.round(endsAtMs), ...(isUnsure && { endUnsureMs: Math.round(unsureMs) }) };
}

/**
 * Records a minute that may be reckoned with: no more than the limit lets through at the latency that was measured. Parts of
 * a ledger that go on side by side make a run look faster of late than it is, because their ends are taken for spread evenly.
 */
function likelyWith(recent: RecentEnds, outlook: Outlook, lane: Lane): number {
  const expected = expectedPerMinute(outlook, lane);
  const likely = likelyPerMinute(recent, batchMsOf(outlook, lane), expected);
  return outlook.latest.usualLatencyMs === undefined ? likely : Math.min(likely, expected);
}

/** Records that are left, less those that have been worked on since the last ends were noted. */
function leftCount({ openCount }: OpenRun, { untilMs }: RecentEnds, atMs: number, perMs: number): number {
  return Math.max(0, openCount - (atMs - untilMs) * perMs);
}

/** Time by which an end may be missed because it is not known when exactly a mapping opens. */
function unsureOf(endsAtMs: number, { atMs, part }: Opening): number {
  return endsAtMs <= atMs - CHANGE.unsureMs ? 0 : (1 - part) * CHANGE.unsureMs;
}
