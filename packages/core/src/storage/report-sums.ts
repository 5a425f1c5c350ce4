import { compact, type Evidence } from "../law/evidence.ts";
import type { Report } from "../ports/permit-items.ts";

/** The numbers that a report adds to its shard. */
export function addedBy({
  evidence,
}: Report): Partial<Evidence> & { readonly rejectedSinceOkCount?: number } {
  const { rejectedCount = 0, ownRejectedCount = 0 } = evidence;
  const rejectedSinceOkCount = rejectedCount - ownRejectedCount;
  const isCounted = rejectedSinceOkCount > 0 && !hasSuccess(evidence);
  return { ...compact(evidence), ...(isCounted && { rejectedSinceOkCount }) };
}

/** The numbers that a report sets anew. */
export function setBy({ evidence, atMs }: Report): {
  readonly lastOkAtMs?: number;
  readonly rejectedSinceOkCount?: number;
} {
  return hasSuccess(evidence) ? { lastOkAtMs: atMs, rejectedSinceOkCount: 0 } : {};
}

function hasSuccess({ okCount = 0, slowCount = 0 }: Partial<Evidence>): boolean {
  return okCount + slowCount > 0;
}
