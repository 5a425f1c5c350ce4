import { PARTITION_WRITE_UNITS_PER_SECOND, WRITE_UNIT_BYTES } from "../aws-bounds.ts";

/** A shard's part of a limit; the shares of all shards add up to it, and never grow when it shrinks. */
export function shardShare(limit: number, shardCount: number, shard: number): number {
  return Math.floor(limit / shardCount) + (shard < limit % shardCount ? 1 : 0);
}

/** The numbers of all shards. */
export function shardIndexes(shardCount: number): number[] {
  return Array.from({ length: shardCount }, (_, index) => index);
}

/** Write units per second that one item is planned for. */
const PLANNED_UNITS_PER_SECOND = PARTITION_WRITE_UNITS_PER_SECOND / 2;
/** Size of a shard without leases that the split is planned for, in bytes as DynamoDB counts them: names and values. */
const PLANNED_SHARD_BYTES = 300;
/**
 * Size of a lease that the split is planned for: that of versions which write longer ones. All propose the same split, so that
 * none moves when they change; and no write has more units than is planned, however full its shard is.
 */
const PLANNED_LEASE_BYTES = 72;
/** Bytes of a shard on a day with faults, but without orders, holds, throttling and rejections; leases come on top. */
export const ORDINARY_SHARD_BYTES = 422;
/** Time between two invocations of a ventilator, in which its permit is not in use. */
const INVOCATION_GAP_MS = 40;

/**
 * Number of items over which a provider's permits are spread, so that none becomes hot: a batch writes twice,
 * and `maxConcurrency` batches of `quantum` calls run at once.
 */
export function shardCountOf(maxConcurrency: number, usualLatencyMs: number, quantum: number): number {
  const batchMs = usualLatencyMs * quantum + INVOCATION_GAP_MS;
  const writesPerSecond = (2 * maxConcurrency * 1_000) / batchMs;
  for (let shardCount = 1; shardCount < maxConcurrency; shardCount += 1) {
    const shardBytes = PLANNED_SHARD_BYTES + (PLANNED_LEASE_BYTES * maxConcurrency) / shardCount;
    const unitsPerWrite = Math.ceil(shardBytes / WRITE_UNIT_BYTES);
    if ((writesPerSecond / shardCount) * unitsPerWrite <= PLANNED_UNITS_PER_SECOND) return shardCount;
  }
  return maxConcurrency;
}
