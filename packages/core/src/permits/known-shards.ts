import { type Control, controlOf, UNDECIDED } from "../law/control.ts";
import type { PermitShard, TakeRequest } from "../ports/permit-items.ts";
import { limitAt, type PermitBounds } from "./gate.ts";
import { shardShare } from "./shares.ts";

/** The stored limit and split as a process knows them, from the last shard that it has seen. */
export interface KnownShards {
  /** Takes note of a shard that lends; one that does not may be left over from another split. */
  note(shard: PermitShard): void;
  /**
   * The stored limits that shares at an instant are reckoned with, as a take asks for them; they may exceed X, because
   * another version may have another one.
   */
  limitsAt(nowMs: number): Pick<TakeRequest, "ifLimit" | "ifUnpinnedLimit">;
  /** The limit at an instant, of X at most. */
  limitOf(nowMs: number): number;
  /** Number of shards that the limit is split over. */
  shardCount(): number;
  /** Number of shards that lend anything. */
  lendingCount(nowMs: number): number;
  /** Permits that a shard may lend at an instant, of at most X in all. */
  shareOf(index: number, nowMs: number): number;
}

/** The knowledge of a process that has seen no shard: its configuration. */
export function createKnownShards({ maxConcurrency, shardCount }: PermitBounds): KnownShards {
  let control: Control = { ...UNDECIDED, limit: maxConcurrency };
  let count = shardCount;
  const allowedLimit = (nowMs: number) => Math.min(limitAt(control, nowMs), maxConcurrency);
  return {
    note(shard) {
      if (shard.split.kind !== "lending") return;
      control = Number.isFinite(shard.limit) ? controlOf(shard) : { ...UNDECIDED, limit: maxConcurrency };
      count = shard.split.count;
    },
    limitsAt(nowMs) {
      const [ifLimit, limitNow] = [control.limit, limitAt(control, nowMs)];
      return limitNow === ifLimit ? { ifLimit } : { ifLimit, ifUnpinnedLimit: limitNow };
    },
    limitOf: allowedLimit,
    shardCount: () => count,
    lendingCount: (nowMs) => Math.min(allowedLimit(nowMs), count),
    shareOf: (index, nowMs) => (index < count ? shardShare(allowedLimit(nowMs), count, index) : 0),
  };
}
