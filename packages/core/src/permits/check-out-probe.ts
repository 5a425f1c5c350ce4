import type { PermitItems } from "../ports/permit-items.ts";
import { type CheckOut, granted, type LeaseRequest, leasesFor, TRIES_PER_SHARD } from "./check-out.ts";
import { holdOf, type PermitBounds } from "./gate.ts";
import { hasLease } from "./lease.ts";
import { pruneLapsed } from "./prune-lapsed.ts";
import { shardShare } from "./shares.ts";

/** The shard that lends the one permit of a probe. */
const PROBE_SHARD = 0;

/**
 * Checks out the one permit of a probe: granted only while half-open, and never beyond X.
 * @throws Unreachable, StoredRowInvalid
 */
export async function checkOutProbe(
  items: PermitItems,
  bounds: PermitBounds,
  request: LeaseRequest,
): Promise<CheckOut> {
  const { nowMs } = request;
  const [lease] = leasesFor(request, 1);
  if (lease === undefined) return { kind: "full" };
  // Calls from before the trip may still be in flight: the probe comes on top, within X.
  const ifAtMostOut = shardShare(bounds.maxConcurrency, bounds.shardCount, PROBE_SHARD) - 1;
  const conditions = { ifPhase: "half-open", ifLimit: 1, ifAtMostOut, nowMs } as const;
  for (let tries = 0; tries < TRIES_PER_SHARD; tries += 1) {
    const { shard } = await items.take({ shardIndex: PROBE_SHARD, leases: [lease], ...conditions });
    if (hasLease(shard.leases, lease)) return granted(PROBE_SHARD, [lease], shard);
    if (shard.phase !== "half-open") return { kind: "shut", reason: "tripped" };
    const gate = holdOf(shard, nowMs);
    if (gate.kind === "shut") return gate;
    const live = await pruneLapsed(items, PROBE_SHARD, shard, nowMs);
    if (live.length > ifAtMostOut) break;
  }
  return { kind: "full" };
}
