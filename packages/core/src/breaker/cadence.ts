import { type Evidence, minus } from "../law/evidence.ts";
import type { Clock } from "../ports/clock.ts";
import type { ReportedShard } from "./shards.ts";

/** The rhythm of one process's looks: many on bad news, few on good. */
export interface Cadence {
  /** True if a report calls for a look. */
  isDue(report: ReportedShard): boolean;
  /** Takes note that a look begins. */
  begin(): void;
  /** Takes note of the shard that a look has seen. */
  see(report: ReportedShard): void;
}

/** Least time between two looks of one process into bad news. */
const BAD_NEWS_EVERY_MS = 500;
/**
 * Rejections in a row, of one shard, from which on one more is bad news: all may be rejected, and each record has only a
 * few. A provider that has forgotten nine in ten of a backlog has so many in a row at one call in twenty.
 */
const REJECTED_IN_A_ROW = 30;
/** Time between two looks into good news while there is something to gain from it. */
const GROWING_EVERY_MS = 4_000;
/** Time between two looks into good news while the limit can't grow. */
const STEADY_EVERY_MS = 20_000;

/** Makes the cadence of a process. A new one does not look into good news at once, but into bad. */
export function createCadence(clock: Pick<Clock, "nowMs">, maxConcurrency: number): Cadence {
  let lookedAtMs = clock.nowMs();
  let hasLooked = false;
  let seen: ReportedShard | undefined;

  function isDue(report: ReportedShard): boolean {
    // What a probe shows decides, whatever it is.
    if (report.shard.phase === "half-open") return true;
    const isBad = isOverdue(report) || isBadNews(unseenEvidence(report, seen), report);
    if (isBad && !hasLooked) return true;
    const usualMs = report.shard.limit < maxConcurrency ? GROWING_EVERY_MS : STEADY_EVERY_MS;
    return clock.nowMs() - lookedAtMs >= (isBad ? BAD_NEWS_EVERY_MS : usualMs);
  }

  return {
    isDue,
    begin() {
      lookedAtMs = clock.nowMs();
      hasLooked = true;
    },
    see(report) {
      seen = report;
    },
  };
}

/** True if an order that shaped the shard's control is over. */
function isOverdue({ shard: { pinnedUntilMs, forcedUntilMs }, report: { atMs } }: ReportedShard): boolean {
  return (
    atMs >= Math.min(pinnedUntilMs ?? Number.POSITIVE_INFINITY, forcedUntilMs ?? Number.POSITIVE_INFINITY)
  );
}

function isBadNews(
  { faultCount, throttledCount, unavailableCount, rejectedCount, ownRejectedCount }: Evidence,
  { shard }: ReportedShard,
): boolean {
  const isRejectedAgain = rejectedCount > ownRejectedCount && shard.rejectedSinceOkCount >= REJECTED_IN_A_ROW;
  return isRejectedAgain || faultCount + throttledCount + unavailableCount > 0;
}

/** The evidence in a shard that was not there when the same shard was last seen in the same epoch. */
function unseenEvidence(
  { shardIndex: index, shard }: ReportedShard,
  seen: ReportedShard | undefined,
): Evidence {
  const isSame = seen !== undefined && seen.shardIndex === index && seen.shard.epoch === shard.epoch;
  return isSame ? minus(shard.evidence, seen.shard.evidence) : shard.evidence;
}
