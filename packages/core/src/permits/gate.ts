import type { PermitShard } from "../ports/permit-items.ts";
import { type Lease, parseLease } from "./lease.ts";
import { shardShare } from "./shares.ts";

/** What the contract fixes about a provider's permits. */
export interface PermitBounds {
  /** X, which no stored limit exceeds. */
  readonly maxConcurrency: number;
  readonly shardCount: number;
}

/** Whether records may be started, judged from a reading of the holder's shard. */
export type Gate =
  | { readonly kind: "open" }
  | { readonly kind: "shut"; readonly reason: "tripped" | "held"; readonly reopensAtMs?: number }
  | { readonly kind: "over-limit" };

/** The limit in force: the breaker's, never above X, and X while it has decided nothing. */
export function limitOf(shard: PermitShard, bounds: PermitBounds): number {
  return Math.min(shard.limit ?? bounds.maxConcurrency, bounds.maxConcurrency);
}

/** Whether anyone may start at all. */
export function gateOf(shard: PermitShard, nowMs: number): Gate {
  if (shard.phase !== undefined && shard.phase !== "closed") return { kind: "shut", reason: "tripped" };
  return holdOf(shard, nowMs);
}

/** Whether the provider has asked to be left alone. */
export function holdOf(shard: PermitShard, nowMs: number): Gate {
  if (shard.heldUntilMs !== undefined && shard.heldUntilMs > nowMs) {
    return { kind: "shut", reason: "held", reopensAtMs: shard.heldUntilMs };
  }
  return { kind: "open" };
}

/**
 * Whether the holder of a lease may start another record: the gate is open, and if the limit has fallen below what is
 * lent, the holder is among the first. The earliest stay, so that all holders judge alike without talking.
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
  const share = shardShare(limitOf(shard, bounds), bounds.shardCount, shardIndex);
  const earlier = shard.leases.map(parseLease).filter((other) => isBefore(other, lease));
  return earlier.length < share ? gate : { kind: "over-limit" };
}

function isBefore(one: Lease, other: Lease): boolean {
  if (one.takenAtMs !== other.takenAtMs) return one.takenAtMs < other.takenAtMs;
  return one.text < other.text;
}
