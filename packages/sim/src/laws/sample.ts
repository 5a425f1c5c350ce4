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
  /** Calls that count as dropped: see {@link sampleOf}. */
  readonly dropCount: number;
  /** Requests in flight at the time, those of the sample included. */
  readonly inFlightCount: number;
}

/** Shortest round trip, however coarse the clock: ratios of round trips stay finite. */
const RTT_MIN_MS = 1;

/** Counts calls of a report. */
export type CallCount = (evidence: Evidence) => number;

/**
 * Calls that failed: the provider refused them for their rate, failed them, or did not answer in time. Calls whose
 * record is to blame, as far as a client can tell, are not among them: the provider refused it for what it is, or
 * it failed before, twice or while others did not.
 */
export const dropCountOf: CallCount = ({ faultCount, throttledCount }) => faultCount + throttledCount;

/**
 * Calls that were refused or not answered in time. This is what concurrency-limits calls dropped: "rejected by
 * an external limit or hitting a timeout"; other failures it has its users ignore
 * (https://github.com/Netflix/concurrency-limits, commit 78a74b9, `Limiter.java`).
 */
export const lossCountOf: CallCount = ({ timeoutCount, throttledCount }) => timeoutCount + throttledCount;

/**
 * Calls that the provider failed or did not answer in time, for a breaker. Those of records that failed before
 * are among them: in an outage all have, and a breaker that left them out would not open, or not again.
 */
export const faultCountOf: CallCount = ({ faultCount, repeatFaultCount }) => faultCount + repeatFaultCount;

/** {@link faultCountOf}, and calls that were refused for their rate. */
export const failureCountOf: CallCount = (evidence) => faultCountOf(evidence) + evidence.throttledCount;

/** Calls that the provider refused for their rate, as with status 429. */
export const refusalCountOf: CallCount = ({ throttledCount }) => throttledCount;

/** The sample in a report; undefined if it has none, because no call succeeded or was dropped. */
export function sampleOf(
  { evidence, inFlightCount }: Extract<Observation, { kind: "report" }>,
  countDrops: CallCount,
): Sample | undefined {
  const counts = { successCount: successCount(evidence), dropCount: countDrops(evidence), inFlightCount };
  if (counts.successCount > 0) {
    return { ...counts, rttMs: Math.max(RTT_MIN_MS, evidence.latencySumMs / counts.successCount) };
  }
  return counts.dropCount > 0 ? counts : undefined;
}
