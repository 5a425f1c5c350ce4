import * as z from "zod";
import type { Outcome } from "../worker/outcome.ts";

/**
 * What was observed of requests that started in one epoch. Only sums, so that reports of many ventilators add up in
 * the table without being read.
 */
export interface Evidence {
  /** Answered within the provider's slow threshold. */
  readonly okCount: number;
  /** Answered, but above the slow threshold. */
  readonly slowCount: number;
  /** Those of `okCount` and `slowCount` whose record had failed before. */
  readonly repeatOkCount: number;
  /** Faults that speak of the provider: see {@link Vote}. */
  readonly faultCount: number;
  /** Faults of records that had failed before while others succeeded: they speak of the record. */
  readonly repeatFaultCount: number;
  /** Those of `faultCount` that lasted until the timeout. */
  readonly timeoutCount: number;
  readonly throttledCount: number;
  readonly rejectedCount: number;
  readonly unavailableCount: number;
  /** Sums over ok and slow calls: of the latency, of its logarithm (latency in ms), and of the logarithm's square. */
  readonly latencySumMs: number;
  readonly lnLatencySum: number;
  readonly lnLatencySquareSum: number;
}

/** Nothing observed. */
export const NO_EVIDENCE: Evidence = {
  okCount: 0,
  slowCount: 0,
  repeatOkCount: 0,
  faultCount: 0,
  repeatFaultCount: 0,
  timeoutCount: 0,
  throttledCount: 0,
  rejectedCount: 0,
  unavailableCount: 0,
  latencySumMs: 0,
  lnLatencySum: 0,
  lnLatencySquareSum: 0,
};

/** The names of the sums, in the order of {@link Evidence}. */
export const EVIDENCE_KEYS = Object.keys(NO_EVIDENCE) as readonly (keyof Evidence)[];

/** Parses stored evidence; sums that are missing are zero. */
export const evidenceSchema: z.ZodType<Evidence> = z.object(
  Object.fromEntries(EVIDENCE_KEYS.map((key) => [key, z.number().default(0)])),
) as unknown as z.ZodType<Evidence>;

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
  return {
    okCount: operate(one.okCount, other.okCount ?? 0),
    slowCount: operate(one.slowCount, other.slowCount ?? 0),
    repeatOkCount: operate(one.repeatOkCount, other.repeatOkCount ?? 0),
    faultCount: operate(one.faultCount, other.faultCount ?? 0),
    repeatFaultCount: operate(one.repeatFaultCount, other.repeatFaultCount ?? 0),
    timeoutCount: operate(one.timeoutCount, other.timeoutCount ?? 0),
    throttledCount: operate(one.throttledCount, other.throttledCount ?? 0),
    rejectedCount: operate(one.rejectedCount, other.rejectedCount ?? 0),
    unavailableCount: operate(one.unavailableCount, other.unavailableCount ?? 0),
    latencySumMs: operate(one.latencySumMs, other.latencySumMs ?? 0),
    lnLatencySum: operate(one.lnLatencySum, other.lnLatencySum ?? 0),
    lnLatencySquareSum: operate(one.lnLatencySquareSum, other.lnLatencySquareSum ?? 0),
  };
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
