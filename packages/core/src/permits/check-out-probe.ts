import type { PermitItems } from "../ports/permit-items.ts";
import { type CheckOut, granted, type LeaseRequest, leasesFor, TRIES_PER_SHARD } from "./check-out.ts";
import { gateOf, type PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { learnSplit } from "./learn-split.ts";
import { hasLease, leasesAt } from "./lease.ts";
import { pruneLapsed } from "./prune-lapsed.ts";
import { shardShare } from "./shares.ts";

/** The shard that lends the one permit of a probe. */
const PROBE_SHARD = 0;

/** A reading of the shard that lends the permit of a probe. */
export interface ProbeReading {
  /** Half-open, and no probe under way: whoever asks for the permit is likely to get it. */
  readonly isFree: boolean;
  /** The instant of the provider's last success, as the shard knows it; 0 if there was none. */
  readonly lastOkAtMs: number;
}

/** Reads what there is to probe with. @throws Unreachable, StoredRowInvalid */
export async function readProbe(
  items: PermitItems,
  bounds: PermitBounds,
  known: KnownShards,
  nowMs: number,
): Promise<ProbeReading> {
  const shard = await items.read(PROBE_SHARD);
  known.note(shard);
  const gate = gateOf(shard, nowMs);
  const isProbing = gate.kind === "shut" && gate.reason === "probing";
  const outCount = leasesAt(shard.leases, nowMs).live.length;
  const isFree = isProbing && shard.probeUntilMs < nowMs && outCount <= atMostOut(bounds, known);
  return { isFree, lastOkAtMs: shard.lastOkAtMs };
}

/**
 * Checks out the one permit of a probe: granted only while half-open, to one holder at a time, and never beyond X.
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
    const ifAtMostOut = atMostOut(bounds, known);
    const conditions = {
      ifPhase: "half-open",
      ifLimit,
      ifSplit: known.shardCount(),
      ifAtMostOut,
      nowMs,
    } as const;
    const probeUntilMs = lease.expiresAtMs;
    const { shard } = await items.take({
      shardIndex: PROBE_SHARD,
      leases: [lease],
      ...conditions,
      probeUntilMs,
    });
    if (hasLease(shard.leases, lease)) return granted(PROBE_SHARD, [lease], shard, { isProbe: true });
    const split = await learnSplit(items, bounds, known, PROBE_SHARD, shard, nowMs);
    if (split === "full") break;
    if (split === "elsewhere") continue;
    const gate = gateOf(shard, nowMs);
    if (gate.kind === "shut" && gate.reason !== "probing") return gate;
    if (shard.phase !== "half-open" || shard.probeUntilMs >= nowMs) break;
    const live = await pruneLapsed(items, PROBE_SHARD, shard, nowMs);
    if (live.length > ifAtMostOut) break;
    ifLimit = shard.limit;
  }
  return { kind: "full" };
}

/** Calls from before the trip may still be in flight: the probe comes on top, within X. */
function atMostOut({ maxConcurrency }: PermitBounds, known: KnownShards): number {
  return shardShare(maxConcurrency, known.shardCount(), PROBE_SHARD) - 1;
}
