import { PARTITION_WRITE_UNITS_PER_SECOND, WRITE_UNIT_BYTES } from "../aws-bounds.ts";
import { LEASE_BYTES } from "./lease.ts";

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
/**
 * Bytes of a shard that lends, without leases and wishes but with everything else that it can have, as DynamoDB counts them:
 * names and values. Measured by test/storage/permit-size.test.ts.
 */
export const SHARD_BYTES = 706;
/** Bytes of a shard on a day with faults, but without orders, holds, throttling and rejections; measured there, too. */
export const ORDINARY_SHARD_BYTES = 406;
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
    const shardBytes = SHARD_BYTES + (LEASE_BYTES * maxConcurrency) / shardCount;
    const unitsPerWrite = Math.ceil(shardBytes / WRITE_UNIT_BYTES);
    if ((writesPerSecond / shardCount) * unitsPerWrite <= PLANNED_UNITS_PER_SECOND) return shardCount;
  }
  return maxConcurrency;
}
