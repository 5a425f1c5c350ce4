import { bySum, EVIDENCE_SUMS, type Evidence, minus } from "./evidence.ts";

/** Evidence in the shards that the law has not seen yet. */
export interface FreshEvidence {
  /** The new part of each sum, never below zero. */
  readonly evidence: Evidence;
  /** Some sum differs from the one that the law has seen. */
  readonly hasChanged: boolean;
  /** The law has seen more than the shards hold. */
  readonly isOvertaken: boolean;
}

/** Compares the evidence that the shards hold with the part of it that the law has seen. */
export function freshEvidence(total: Evidence, counted: Evidence): FreshEvidence {
  const difference = minus(total, counted);
  const isOvertaken = EVIDENCE_SUMS.some((sum) => /Count$/.test(sum) && difference[sum] < 0);
  return {
    evidence: isOvertaken ? positivePart(difference) : difference,
    hasChanged: EVIDENCE_SUMS.some((sum) => difference[sum] !== 0),
    isOvertaken,
  };
}

function positivePart(difference: Evidence): Evidence {
  return bySum((sum) => Math.max(0, difference[sum]));
}
