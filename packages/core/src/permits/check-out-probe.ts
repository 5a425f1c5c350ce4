import type { PermitItems } from "../ports/permit-items.ts";
import { type CheckOut, granted, type LeaseRequest, leasesFor, TRIES_PER_SHARD } from "./check-out.ts";
import { holdOf, type PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { learnSplit } from "./learn-split.ts";
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
  known: KnownShards,
  request: LeaseRequest,
): Promise<CheckOut> {
  const { nowMs } = request;
  const [lease] = leasesFor(request, 1);
  if (lease === undefined) return { kind: "full" };
  let ifLimit = 1;
  for (let tries = 0; tries < TRIES_PER_SHARD; tries += 1) {
    const ifSplit = known.shardCount();
    // Calls from before the trip may still be in flight: the probe comes on top, within X.
    const ifAtMostOut = shardShare(bounds.maxConcurrency, ifSplit, PROBE_SHARD) - 1;
    const conditions = { ifPhase: "half-open", ifLimit, ifSplit, ifAtMostOut, nowMs } as const;
    const { shard } = await items.take({ shardIndex: PROBE_SHARD, leases: [lease], ...conditions });
    if (hasLease(shard.leases, lease)) return granted(PROBE_SHARD, [lease], shard);
    const split = await learnSplit(items, bounds, known, PROBE_SHARD, shard, nowMs);
    if (split === "full") break;
    if (split === "elsewhere") continue;
    if (shard.phase !== "half-open") return { kind: "shut", reason: "tripped" };
    const gate = holdOf(shard, nowMs);
    if (gate.kind === "shut") return gate;
    const live = await pruneLapsed(items, PROBE_SHARD, shard, nowMs);
    if (live.length > ifAtMostOut) break;
    ifLimit = shard.limit;
  }
  return { kind: "full" };
}
