import type { Lease, PermitShard } from "../ports/permit-items.ts";
import { shardShare } from "./shares.ts";

/** The contract's part in a provider's permits. */
export interface PermitBounds {
  /** X. The stored limit may exceed it, because another version had another one; what is lent does not. */
  readonly maxConcurrency: number;
  /** The number of shards that this version proposes; in force is the one that the shards carry. */
  readonly shardCount: number;
}

/**
 * The answer to a holder that is about to start a record, judged from a reading of its shard. While `tripped`
 * it reopens when the next probe is due, as far as the shard knows; while `probing` one permit at a time is lent.
 */
export type Gate =
  | { readonly kind: "open" }
  | {
      readonly kind: "shut";
      readonly reason: "tripped" | "probing" | "held";
      readonly reopensAtMs?: number;
    }
  | { readonly kind: "over-limit" };

/** The limit in force: the breaker's, never above X, and X while it has decided nothing. */
export function limitOf({ limit }: PermitShard, { maxConcurrency }: PermitBounds): number {
  return Math.min(limit, maxConcurrency);
}

/** The gate for all holders alike. */
export function gateOf(shard: PermitShard, nowMs: number): Gate {
  switch (shard.phase) {
    case "closed":
      return holdOf(shard, nowMs);
    case "half-open": {
      const hold = holdOf(shard, nowMs);
      return hold.kind === "shut" ? hold : { kind: "shut", reason: "probing" };
    }
    case "open": {
      const { probeAtMs, heldUntilMs } = shard;
      const due = probeAtMs === undefined ? {} : { reopensAtMs: Math.max(probeAtMs, heldUntilMs) };
      return { kind: "shut", reason: "tripped", ...due };
    }
  }
}

/** The gate as far as holds shut it. */
export function holdOf({ heldUntilMs }: PermitShard, nowMs: number): Gate {
  return heldUntilMs > nowMs ? { kind: "shut", reason: "held", reopensAtMs: heldUntilMs } : { kind: "open" };
}

/**
 * The gate for the holder of a lease: if the limit has fallen below what is lent, only the first holders may
 * start another record. The earliest stay, so that all holders judge alike without talking.
 */
export function gateFor(
  lease: Lease,
  shard: PermitShard,
  shardIndex: number,
  bounds: PermitBounds,
  nowMs: number,
): Gate {
  const gate = gateOf(shard, nowMs);
  if (gate.kind !== "open") return gate;
  // The permits move to another split, and nobody starts before all are back.
  if (shard.split.kind !== "lending") return { kind: "over-limit" };
  const share = shardShare(limitOf(shard, bounds), shard.split.count, shardIndex);
  const earlier = shard.leases.filter((other) => isBefore(other, lease));
  return earlier.length < share ? gate : { kind: "over-limit" };
}

function isBefore(one: Lease, other: Lease): boolean {
  if (one.takenAtMs !== other.takenAtMs) return one.takenAtMs < other.takenAtMs;
  return one.text < other.text;
}
