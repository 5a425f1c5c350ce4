import type { PermitShard } from "../ports/permit-items.ts";
import type { PermitBounds } from "./gate.ts";
import { shardShare } from "./shares.ts";

/** The stored limit and split as a process knows them, from the last shard that it has seen. */
export interface KnownShards {
  /** Takes note of a shard that lends; one that does not may be left over from another split. */
  note(shard: PermitShard): void;
  /** The stored limit, which may exceed X: another version may have another one. */
  limit(): number;
  /** Number of shards that the limit is split over. */
  shardCount(): number;
  /** Number of shards that lend anything. */
  lendingCount(): number;
  /** Permits that a shard may lend, of at most X in all. */
  shareOf(index: number): number;
}

/** The knowledge of a process that has seen no shard: its configuration. */
export function createKnownShards({ maxConcurrency, shardCount }: PermitBounds): KnownShards {
  let limit = maxConcurrency;
  let count = shardCount;
  const allowedLimit = () => Math.min(limit, maxConcurrency);
  return {
    note(shard) {
      if (shard.split.kind !== "lending") return;
      limit = Number.isFinite(shard.limit) ? shard.limit : maxConcurrency;
      count = shard.split.count;
    },
    limit: () => limit,
    shardCount: () => count,
    lendingCount: () => Math.min(allowedLimit(), count),
    shareOf: (index) => (index < count ? shardShare(allowedLimit(), count, index) : 0),
  };
}
