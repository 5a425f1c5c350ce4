import { EVIDENCE_KEYS, type Evidence, minus } from "./evidence.ts";

/** What the shards hold beyond what the law has seen. */
export interface FreshEvidence {
  /** Never below zero. */
  readonly evidence: Evidence;
  /** Whether anything differs. */
  readonly hasChanged: boolean;
  /** Whether the law has seen more than the shards hold. */
  readonly isOvertaken: boolean;
}

/** Compares what the shards hold in all with what the law has seen of it. */
export function freshEvidence(total: Evidence, counted: Evidence): FreshEvidence {
  const difference = minus(total, counted);
  const isOvertaken = EVIDENCE_KEYS.some((key) => /Count$/.test(key) && difference[key] < 0);
  return {
    evidence: isOvertaken ? positivePart(difference) : difference,
    hasChanged: EVIDENCE_KEYS.some((key) => difference[key] !== 0),
    isOvertaken,
  };
}

function positivePart(difference: Evidence): Evidence {
  const parts = EVIDENCE_KEYS.map((key) => [key, Math.max(0, difference[key])]);
  return { ...difference, ...Object.fromEntries(parts) };
}
