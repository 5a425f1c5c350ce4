import * as z from "zod";
import { holdMs } from "../worker/hold.ts";
import type { Outcome } from "../worker/outcome.ts";

/** The sums of evidence: interface, zero, addition, stored row and its parser follow from this list. */
export const EVIDENCE_SUMS = [
  /** Calls answered within the provider's slow threshold. */
  "okCount",
  /** Calls answered, but above the slow threshold. */
  "slowCount",
  /** Those of `okCount` and `slowCount` whose record had failed before. */
  "repeatOkCount",
  /** Faults that speak of the provider: see {@link Vote}. */
  "faultCount",
  /** Faults that speak of their record: it had failed before while others succeeded, or failed twice. */
  "repeatFaultCount",
  /** Those of `faultCount` that lasted until the timeout. */
  "timeoutCount",
  /** Calls that the provider refused for their rate. */
  "throttledCount",
  /** Those of `throttledCount` that brought a hold, by their Retry-After. */
  "heldCount",
  /** Sum of the lengths of those holds. */
  "heldSumMs",
  /** Calls that the provider answered, but refused for what the record is. */
  "rejectedCount",
  /** Those of `rejectedCount` that speak of their record alone: its dead letter was put back. */
  "ownRejectedCount",
  /** Those of `rejectedCount` whose record had been rejected before others were fetched. */
  "repeatRejectedCount",
  /** Attempts that failed for a reason that is not the provider's: they say nothing about it. */
  "unavailableCount",
  /** Sum of the latencies of ok and slow calls. */
  "latencySumMs",
  /** Sum of the natural logarithms of those latencies, each in ms. */
  "lnLatencySum",
  /** Sum of the squares of those logarithms. */
  "lnLatencySquareSum",
] as const;

/** The name of a sum. */
export type EvidenceSum = (typeof EVIDENCE_SUMS)[number];

/**
 * The outcomes of requests that started in one epoch. Only sums, so that reports of many ventilators add up
 * in the table without being read.
 */
export type Evidence = Readonly<Record<EvidenceSum, number>>;

/** One value for each sum. */
export function bySum<T>(valueFor: (sum: EvidenceSum) => T): Record<EvidenceSum, T> {
  return Object.fromEntries(EVIDENCE_SUMS.map((sum) => [sum, valueFor(sum)])) as Record<EvidenceSum, T>;
}

/** Evidence of no outcome: each sum is zero. */
export const NO_EVIDENCE: Evidence = bySum(() => 0);

/** Parses stored evidence; sums that are missing are zero. */
export const evidenceSchema: z.ZodType<Evidence> = z.object(bySum(() => z.number().default(0)));

/**
 * The party that an outcome speaks of: the provider, or the `record`, which has failed before while others
 * succeeded, or on two starts. An outcome that speaks of its record counts in no share of faults: else the retries of
 * such records would outvote those that have not failed. A rejection may be a `repeat`: its record had been rejected before
 * others were fetched, so that it says less than a first one.
 */
export type Vote = "provider" | "record" | "repeat";

/** Share of the allowed time from which a fault is a timeout: the call was never answered. */
const TIMEOUT_SHARE = 0.95;

/** The evidence of one outcome. */
export function evidenceOf(outcome: Outcome, vote: Vote, timeoutMs: number): Partial<Evidence> {
  switch (outcome.kind) {
    case "ok":
    case "slow": {
      const lnLatency = Math.log(Math.max(1, outcome.latencyMs));
      return {
        ...(outcome.kind === "ok" ? { okCount: 1 } : { slowCount: 1 }),
        ...(vote === "record" ? { repeatOkCount: 1 } : {}),
        latencySumMs: outcome.latencyMs,
        lnLatencySum: lnLatency,
        lnLatencySquareSum: lnLatency * lnLatency,
      };
    }
    case "fault": {
      if (vote === "record") return { repeatFaultCount: 1 };
      const isTimeout = outcome.latencyMs >= TIMEOUT_SHARE * timeoutMs;
      return isTimeout ? { faultCount: 1, timeoutCount: 1 } : { faultCount: 1 };
    }
    case "throttled":
      return outcome.retryAfterMs === undefined
        ? { throttledCount: 1 }
        : { throttledCount: 1, heldCount: 1, heldSumMs: holdMs(outcome.retryAfterMs) };
    case "rejected":
      return {
        rejectedCount: 1,
        ...(vote === "record" && { ownRejectedCount: 1 }),
        ...(vote === "repeat" && { repeatRejectedCount: 1 }),
      };
    case "unavailable":
      return { unavailableCount: 1 };
  }
}

/** The sum of two pieces of evidence; sums that `other` leaves out are zero. */
export function plus(one: Evidence, other: Partial<Evidence>): Evidence {
  return combine(one, other, (a, b) => a + b);
}

/**
 * Evidence as it is stored: without the sums that are zero, and at six decimals, which are far finer than any rule needs. A
 * double may have seventeen digits, and items are to stay small.
 */
export function compact(evidence: Partial<Evidence>): Partial<Evidence> {
  const sums = EVIDENCE_SUMS.map((sum) => [sum, Math.round((evidence[sum] ?? 0) * 1e6) / 1e6] as const);
  return Object.fromEntries(sums.filter(([, value]) => value !== 0));
}

/** The part of `later` that `earlier` does not have. */
export function minus(later: Evidence, earlier: Partial<Evidence>): Evidence {
  return combine(later, earlier, (a, b) => a - b);
}

function combine(
  one: Evidence,
  other: Partial<Evidence>,
  operate: (a: number, b: number) => number,
): Evidence {
  const combined: Record<EvidenceSum, number> = { ...one };
  for (const sum of EVIDENCE_SUMS) combined[sum] = operate(one[sum], other[sum] ?? 0);
  return combined;
}

/** Calls that the provider answered as asked. */
export function successCount({ okCount, slowCount }: Evidence): number {
  return okCount + slowCount;
}

/** Calls that began, whatever came of them. */
export function startedCount(evidence: Evidence): number {
  const { faultCount, repeatFaultCount, throttledCount, rejectedCount } = evidence;
  return successCount(evidence) + faultCount + repeatFaultCount + throttledCount + rejectedCount;
}

/** Successes that count in the share of faults: those that speak of the provider. */
export function voteForCount(evidence: Evidence): number {
  return successCount(evidence) - evidence.repeatOkCount;
}

/** Calls that speak of the provider, for or against. */
export function votingCount(evidence: Evidence): number {
  return voteForCount(evidence) + evidence.faultCount + evidence.throttledCount;
}

/** Mean of the logarithm of the latencies, and its variance; undefined without a success. */
export function lnLatencyOf(
  evidence: Evidence,
): { readonly mean: number; readonly variance: number } | undefined {
  const count = successCount(evidence);
  if (count === 0) return undefined;
  const mean = evidence.lnLatencySum / count;
  return { mean, variance: Math.max(0, evidence.lnLatencySquareSum / count - mean * mean) };
}
