import type { Control } from "../law/control.ts";
import type { Lease, PermitShard } from "../ports/permit-items.ts";
import { freeFromMs, holdsOn, isOrderedAt } from "./holds.ts";
import { isBefore } from "./lease.ts";
import { isAwaited } from "./precedence.ts";
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
      /** An operator keeps it shut, who may let it open sooner. */
      readonly mayOpenSooner?: true;
    }
  | { readonly kind: "over-limit" }
  /** Records that a user waits for are to have the permit. */
  | { readonly kind: "awaited" };

/** The limit of a shard at an instant: the stored one, which an order's end may raise before a decision does. */
export function limitAt(
  { limit, pinnedUntilMs = Number.POSITIVE_INFINITY, unpinnedLimit = limit }: Control,
  nowMs: number,
): number {
  return pinnedUntilMs <= nowMs ? unpinnedLimit : limit;
}

/** The limit in force: the breaker's, never above X, and X while it has decided nothing. */
export function limitOf(shard: PermitShard, { maxConcurrency }: PermitBounds, nowMs: number): number {
  return Math.min(limitAt(shard, nowMs), maxConcurrency);
}

/** The gate for all holders alike. */
export function gateOf(shard: PermitShard, nowMs: number): Gate {
  switch (shard.phase) {
    case "closed":
      return isForceOver(shard, nowMs)
        ? trippedUntil(shard.forcedUntilMs, shard, nowMs)
        : holdOf(shard, nowMs);
    case "half-open": {
      const hold = holdOf(shard, nowMs);
      return hold.kind === "shut" ? hold : { kind: "shut", reason: "probing" };
    }
    case "open":
      return trippedUntil(shard.probeAtMs, shard, nowMs);
  }
}

/** True of a shard that was forced to lend, and may not any more: the law has the breaker open. */
function isForceOver({ forcedUntilMs = Number.POSITIVE_INFINITY }: PermitShard, nowMs: number): boolean {
  return forcedUntilMs <= nowMs;
}

/** The gate of a tripped breaker, whose next probe is due at an instant, if the shard knows it, and after all holds. */
function trippedUntil(dueAtMs: number | undefined, shard: PermitShard, nowMs: number): Gate {
  const shut = { kind: "shut", reason: "tripped" } as const;
  if (dueAtMs === undefined) return shut;
  const holds = holdsOn(shard);
  const probeAtMs = Math.max(dueAtMs, nowMs);
  const freeMs = freeFromMs(holds, probeAtMs);
  if (freeMs === probeAtMs) return { ...shut, reopensAtMs: dueAtMs };
  return { ...shut, reopensAtMs: freeMs, ...(isOrderedAt(holds, probeAtMs) && { mayOpenSooner: true }) };
}

/** The gate as far as holds shut it. */
function holdOf(shard: PermitShard, nowMs: number): Gate {
  const holds = holdsOn(shard);
  const reopensAtMs = freeFromMs(holds, nowMs);
  if (reopensAtMs === nowMs) return { kind: "open" };
  const mayOpenSooner = isOrderedAt(holds, nowMs) ? ({ mayOpenSooner: true } as const) : {};
  return { kind: "shut", reason: "held", reopensAtMs, ...mayOpenSooner };
}

/**
 * The gate for the holder of a lease: if the limit has fallen below what is lent, only the first holders may
 * start another record. The earliest stay, so that all holders judge alike without talking.
 * So it is with the bulk's holders while the express lane waits.
 */
export function gateFor(
  lease: Lease,
  shard: PermitShard,
  { shardIndex, isKept }: { readonly shardIndex: number; readonly isKept?: true },
  bounds: PermitBounds,
  nowMs: number,
): Gate {
  const gate = gateOf(shard, nowMs);
  if (gate.kind !== "open") return gate;
  // The permits move to another split, and nobody starts before all are back.
  if (shard.split.kind !== "lending") return { kind: "over-limit" };
  const share = shardShare(limitOf(shard, bounds, nowMs), shard.split.count, shardIndex);
  const earlier = shard.leases.filter((other) => isBefore(other, lease));
  if (earlier.length >= share) return { kind: "over-limit" };
  return !isKept && isAwaited(lease, share, shard, nowMs) ? { kind: "awaited" } : gate;
}
