import type { PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { PermitBounds } from "./gate.ts";
import { leasesAt } from "./lease.ts";
import { shardIndexes } from "./shares.ts";
import { FIRST_SHARD, firstSplit } from "./split.ts";

/** Shards read at a time in search of those in use: they have no gap as long as this. */
const SEARCHED_AT_A_TIME = 32;

/**
 * Begins a provider's first split: the proposed one, unless shards are in use that have none, because versions
 * without splits lent from them. Then it is theirs, so that they and this version keep one bound while they run side
 * by side. Of several that begin at once the first decides.
 * @returns the first shard afterwards
 * @throws Unreachable, StoredRowInvalid
 */
export async function beginSplit(
  items: PermitItems,
  bounds: PermitBounds,
  nowMs: number,
): Promise<PermitShard> {
  const usedCount = await usedShardCount(items, nowMs);
  const count = usedCount === 0 ? bounds.shardCount : usedCount;
  await items.setSplit(FIRST_SHARD, firstSplit(count, nowMs));
  return items.read(FIRST_SHARD);
}

/** Number of shards up to the last one that is in use; 0 if none is. */
async function usedShardCount(items: PermitItems, nowMs: number): Promise<number> {
  const shards: PermitShard[] = [];
  for (let hasMore = true; hasMore; ) {
    const from = shards.length;
    const next = await Promise.all(
      shardIndexes(SEARCHED_AT_A_TIME).map((offset) => items.read(from + offset)),
    );
    shards.push(...next);
    hasMore = next.some(hasBeenUsed);
  }
  const latestEpoch = Math.max(...shards.map(({ epoch }) => epoch));
  return 1 + shards.findLastIndex((shard) => isInUse(shard, latestEpoch, nowMs));
}

function hasBeenUsed({ epoch, lastOkAtMs, leases }: PermitShard): boolean {
  return epoch > 0 || lastOkAtMs > 0 || leases.length > 0;
}

/** True of a shard that lends: each decision is told to all that do, and without one any that was used may. */
function isInUse(shard: PermitShard, latestEpoch: number, nowMs: number): boolean {
  if (leasesAt(shard.leases, nowMs).live.length > 0) return true;
  return latestEpoch > 0 ? shard.epoch === latestEpoch : hasBeenUsed(shard);
}
