import { type Evidence, type Observation, successCount } from "@sluice/core/law";

/** A report as the laws of other projects see it: one sample. */
export interface Sample {
  /**
   * Mean latency of the calls that succeeded; absent if none did. Failed calls have none: an answer of 50 ms
   * that says "too many requests" would pass for a fast provider.
   */
  readonly rttMs?: number;
  /** Calls that succeeded. */
  readonly successCount: number;
  /** Calls that failed: these laws don't know what a fault, a poison record or a throttled call is. */
  readonly dropCount: number;
  /** Requests in flight at the time, those of the sample included. */
  readonly inFlightCount: number;
}

/** Shortest round trip, however coarse the clock: ratios of round trips stay finite. */
const RTT_MIN_MS = 1;

/**
 * The sample in a report; undefined if it has none, because all its calls were rejected or unavailable. Those
 * are left out as a favour: the sources would have to count them one way or the other.
 */
export function sampleOf({
  evidence,
  inFlightCount,
}: Extract<Observation, { kind: "report" }>): Sample | undefined {
  const counts = { successCount: successCount(evidence), dropCount: dropCountOf(evidence), inFlightCount };
  if (counts.successCount > 0) {
    return { ...counts, rttMs: Math.max(RTT_MIN_MS, evidence.latencySumMs / counts.successCount) };
  }
  return counts.dropCount > 0 ? counts : undefined;
}

/** Calls that failed, for any reason. */
export function dropCountOf({ faultCount, repeatFaultCount, throttledCount }: Evidence): number {
  return faultCount + repeatFaultCount + throttledCount;
}
