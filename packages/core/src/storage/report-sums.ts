import { EVIDENCE_SUMS, type Evidence } from "../law/evidence.ts";
import type { Report } from "../ports/permit-items.ts";

/** The numbers that a report adds to its shard. */
export function addedBy({
  evidence,
}: Report): Partial<Evidence> & { readonly rejectedSinceOkCount?: number } {
  const { rejectedCount = 0, ownRejectedCount = 0 } = evidence;
  const rejectedSinceOkCount = rejectedCount - ownRejectedCount;
  const isCounted = rejectedSinceOkCount > 0 && !hasSuccess(evidence);
  return { ...sumsOf(evidence), ...(isCounted && { rejectedSinceOkCount }) };
}

/** The numbers that a report sets anew. */
export function setBy({ evidence, atMs }: Report): {
  readonly lastOkAtMs?: number;
  readonly rejectedSinceOkCount?: number;
} {
  return hasSuccess(evidence) ? { lastOkAtMs: atMs, rejectedSinceOkCount: 0 } : {};
}

/** The sums to add, without those that are zero. */
function sumsOf(evidence: Partial<Evidence>): Partial<Evidence> {
  const added = EVIDENCE_SUMS.map((sum) => [sum, toStored(evidence[sum] ?? 0)] as const);
  return Object.fromEntries(added.filter(([, value]) => value !== 0));
}

/**
 * A sum as it is stored. Six decimals are far finer than any rule needs, and keep the item small: a double
 * may have seventeen digits.
 */
function toStored(sum: number): number {
  return Math.round(sum * 1e6) / 1e6;
}

function hasSuccess({ okCount = 0, slowCount = 0 }: Partial<Evidence>): boolean {
  return okCount + slowCount > 0;
}
