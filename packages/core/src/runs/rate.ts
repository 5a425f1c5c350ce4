import type { RunPart } from "../ports/run-store.ts";
import { endCountsOf, endedCount } from "./parts.ts";

/**
 * The time that a rate is taken over is half of the run so far, within these: the ramp of its first minutes says little of
 * the rest, batches of slow calls end minutes apart, and the limit changes.
 */
const RATE_OVER_MIN = { ms: 10_000, batches: 4 };
const RATE_OVER_MAX = { ms: 5 * 60_000, batches: 10 };
/**
 * Weight of what is expected beside what a run has had, in batches: as many at its beginning, when batches that began
 * together end together and one of them more or less is a large part, and none once so many have ended. Chosen for the
 * smallest errors of the ends that runs of 10 to 120 batches were told on steady days.
 */
const EXPECTED = { batches: 6, untilBatches: 30 };

/** The way of a run so far, as its ledger has it. */
export interface Way {
  /** The parts of its ledger that have a mark. */
  readonly parts: readonly RunPart[];
  /** Usual duration of a batch, whose ends come together; 0 if that is not known. */
  readonly batchMs: number;
  /** The clock on which all times are taken; left out: the wall's. */
  readonly clockMs?: (atMs: number) => number;
}

/** The ends of a run in a time that has just been. */
export interface RecentEnds {
  readonly count: number;
  readonly overMs: number;
  /** The end of that time: the last end that was noted, unless a batch should have brought another one since. */
  readonly untilMs: number;
  /** Time from the beginning of the first batch until then. */
  readonly sinceFirstMs: number;
}

/**
 * The ends of late, or since the first where there are none of late; undefined while there are none at all. Whoever
 * notes ends has worked for them as long as a batch lasts: those of a part are taken for spread evenly over the time from so
 * long before its first to its last.
 */
export function recentEnds(way: Way, nowMs: number): RecentEnds | undefined {
  const { batchMs } = way;
  const spans = spansOf(way);
  const lastMs = Math.max(...spans.map((span) => span.untilMs));
  const untilMs = Math.min(nowMs, Math.max(lastMs, nowMs - batchMs));
  const sinceFirstMs = untilMs - Math.min(...spans.map(({ fromMs }) => fromMs));
  if (!(sinceFirstMs > 0)) return undefined;
  const overMinMs = Math.max(RATE_OVER_MIN.ms, RATE_OVER_MIN.batches * batchMs);
  const overMaxMs = Math.max(RATE_OVER_MAX.ms, RATE_OVER_MAX.batches * batchMs);
  const recentMs = Math.min(sinceFirstMs, overMaxMs, Math.max(overMinMs, sinceFirstMs / 2));
  for (const overMs of [recentMs, sinceFirstMs]) {
    const count = spans.reduce((sum, span) => sum + endedSince(span, untilMs - overMs), 0);
    if (count > 0) return { count, overMs, untilMs, sinceFirstMs };
  }
  return undefined;
}

/** Ends that are spread evenly over a time. */
interface Span {
  readonly count: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

function spansOf({ parts, batchMs, clockMs = (atMs) => atMs }: Way): readonly Span[] {
  return parts.map((part) => ({
    count: endedCount(endCountsOf(part)),
    fromMs: clockMs(part.firstAtMs - batchMs),
    untilMs: clockMs(part.lastAtMs),
  }));
}

function endedSince({ count, fromMs, untilMs }: Span, sinceMs: number): number {
  if (fromMs >= sinceMs) return count;
  if (untilMs <= sinceMs) return 0;
  return (count * (untilMs - sinceMs)) / (untilMs - fromMs);
}

/** Records a minute that have ended of late. */
export function ratePerMinute({ count, overMs }: Pick<RecentEnds, "count" | "overMs">): number {
  return (count * 60_000) / overMs;
}

/** Records a minute that may be reckoned with: those of late, and at the beginning of a run also those that are expected. */
export function likelyPerMinute(
  { count, overMs, sinceFirstMs }: RecentEnds,
  batchMs: number,
  expectedPerMinute: number,
): number {
  const part = Math.max(0, 1 - sinceFirstMs / Math.max(1, EXPECTED.untilBatches * batchMs));
  const weightMs = EXPECTED.batches * batchMs * part;
  return ratePerMinute({ count: count + (weightMs * expectedPerMinute) / 60_000, overMs: overMs + weightMs });
}
