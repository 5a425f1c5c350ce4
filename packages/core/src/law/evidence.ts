import * as z from "zod";
import type { Outcome } from "../worker/outcome.ts";

/** The sums that evidence consists of: interface, zero, addition, stored row and its parser follow from this list. */
export const EVIDENCE_SUMS = [
  /** Calls answered within the provider's slow threshold. */
  "okCount",
  /** Calls answered, but above the slow threshold. */
  "slowCount",
  /** Those of `okCount` and `slowCount` whose record had failed before. */
  "repeatOkCount",
  /** Faults that speak of the provider: see {@link Vote}. */
  "faultCount",
  /** Faults of records that had failed before while others succeeded: they speak of the record. */
  "repeatFaultCount",
  /** Those of `faultCount` that lasted until the timeout. */
  "timeoutCount",
  "throttledCount",
  "rejectedCount",
  "unavailableCount",
  /** Latency of ok and slow calls, … */
  "latencySumMs",
  /** … its natural logarithm (of the latency in ms), … */
  "lnLatencySum",
  /** … and the logarithm's square. */
  "lnLatencySquareSum",
] as const;

/** The name of a sum. */
export type EvidenceSum = (typeof EVIDENCE_SUMS)[number];

/**
 * What requests that started in one epoch came to. Only sums, so that reports of many ventilators add up in the table
 * without being read.
 */
export type Evidence = Readonly<Record<EvidenceSum, number>>;

/** One value for each sum. */
export function bySum<T>(valueFor: (sum: EvidenceSum) => T): Record<EvidenceSum, T> {
  return Object.fromEntries(EVIDENCE_SUMS.map((sum) => [sum, valueFor(sum)])) as Record<EvidenceSum, T>;
}

/** Evidence of nothing. */
export const NO_EVIDENCE: Evidence = bySum(() => 0);

/** Parses stored evidence; sums that are missing are zero. */
export const evidenceSchema: z.ZodType<Evidence> = z.object(bySum(() => z.number().default(0)));

/**
 * Of whom an outcome speaks: of the provider, or of the `record`, which has failed before while others succeeded. A
 * record that speaks for itself counts in no share of faults, whatever comes of it: else its retries would outvote
 * those who have not failed.
 */
export type Vote = "provider" | "record";

/** A fault is a timeout if it lasted this share of the time that was allowed: the call was never answered. */
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
      return { throttledCount: 1 };
    case "rejected":
      return { rejectedCount: 1 };
    case "unavailable":
      return { unavailableCount: 1 };
  }
}

/** The sum of two. */
export function plus(one: Evidence, other: Partial<Evidence>): Evidence {
  return combine(one, other, (a, b) => a + b);
}

/** What `later` has beyond `earlier`. */
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

/** Successes that say something of the share of faults. */
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
