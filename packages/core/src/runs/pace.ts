import type { Run, RunPart } from "../ports/run-store.ts";
import type { Lane } from "../provider/lane.ts";
import { batchMsOf, endsAtMsOf, expectedPerMinute, type Outlook, shutUntilMs } from "./outlook.ts";
import { likelyPerMinute, ratePerMinute, recentEnds } from "./rate.ts";

/** The rate of an open run, and its end. */
export interface Pace {
  /** Records that have ended of late, per minute, while the provider could be called; absent while none has. */
  readonly ratePerMinute?: number;
  /** Absent while it can't be told. */
  readonly endsAtMs?: number;
}

/** An open run as its ledger has it. */
export interface OpenRun extends Pick<Run, "isSealed" | "lane"> {
  /** The parts of its ledger that have a mark. */
  readonly parts: readonly RunPart[];
  readonly openCount: number;
}

/** The pace of an open run. @param outlook undefined if it can't be read: then the run's own rate alone tells its end */
export function paceOf(run: OpenRun, outlook: Outlook | undefined, nowMs: number): Pace {
  const { parts, lane, isSealed, openCount } = run;
  const isShut = outlook !== undefined && shutUntilMs(outlook, lane) > nowMs;
  // A time in which nothing may start says nothing of the rate.
  const asOfMs = isShut ? lastEndAtMs(parts) : nowMs;
  const batchMs = outlook === undefined ? 0 : batchMsOf(outlook, lane);
  const recent = recentEnds({ parts, batchMs }, asOfMs);
  const rate = recent === undefined ? {} : { ratePerMinute: ratePerMinute(recent) };
  if (!isSealed || openCount === 0) return rate;
  const perMinute =
    recent && outlook
      ? likelyPerMinute(recent, batchMs, expectedPerMinute(outlook, lane))
      : rate.ratePerMinute;
  // What has been worked on since the last ends were noted is done sooner by so much.
  const sinceMs = recent === undefined ? 0 : asOfMs - recent.untilMs;
  const leftCount = Math.max(0, openCount - (sinceMs * (perMinute ?? 0)) / 60_000);
  const endsAtMs = endsAtOf(lane, { leftCount, isUntouched: parts.length === 0, perMinute }, outlook, nowMs);
  return endsAtMs === undefined ? rate : { ...rate, endsAtMs: Math.round(endsAtMs) };
}

interface Left {
  readonly leftCount: number;
  readonly isUntouched: boolean;
  readonly perMinute: number | undefined;
}

function endsAtOf(
  lane: Lane,
  { leftCount, isUntouched, perMinute }: Left,
  outlook: Outlook | undefined,
  nowMs: number,
): number | undefined {
  if (outlook === undefined) return perMinute && nowMs + (leftCount * 60_000) / perMinute;
  const known = perMinute === undefined ? {} : { ratePerMinute: perMinute };
  return endsAtMsOf({ lane, openCount: leftCount, isUntouched, ...known }, outlook, nowMs);
}

function lastEndAtMs(parts: readonly RunPart[]): number {
  return Math.max(...parts.map(({ lastAtMs }) => lastAtMs));
}
