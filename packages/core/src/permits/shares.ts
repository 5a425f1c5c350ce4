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
 * names and values. On a calm day it has half of them. Measured by test/storage/permit-size.test.ts.
 */
export const SHARD_BYTES = 706;
/** Time between two invocations of a ventilator, in which its permit is not in use. */
const INVOCATION_GAP_MS = 40;
/** Leases of a shard for which one write costs one unit, whatever else is in the item. */
const LEASES_PER_UNIT = Math.floor((WRITE_UNIT_BYTES - SHARD_BYTES) / LEASE_BYTES);
/** Batches that a shard has room for at the least: one that finds the permits of less than a batch works with those. */
const BATCHES_PER_SHARD = 10;

/** What a provider's permits are used for. */
export interface PermitUse {
  readonly maxConcurrency: number;
  readonly usualLatencyMs: number;
  /** Records of a batch. */
  readonly quantum: number;
  /** Permits that a batch asks for. */
  readonly fanOut: number;
}

/**
 * Number of items over which a provider's permits are spread, so that a write costs one unit where batches ask for one
 * permit, and none becomes hot: a batch writes twice, and `maxConcurrency` batches of `quantum` calls run at once.
 */
export function shardCountOf({ maxConcurrency, usualLatencyMs, quantum, fanOut }: PermitUse): number {
  const batchMs = usualLatencyMs * quantum + INVOCATION_GAP_MS;
  const writesPerSecond = (2 * maxConcurrency * 1_000) / batchMs;
  const leasesPerShard = Math.max(LEASES_PER_UNIT, BATCHES_PER_SHARD * fanOut);
  let shardCount = Math.ceil(maxConcurrency / leasesPerShard);
  while (shardCount < maxConcurrency && unitsPerSecond(shardCount) > PLANNED_UNITS_PER_SECOND)
    shardCount += 1;
  return shardCount;

  function unitsPerSecond(count: number): number {
    const shardBytes = SHARD_BYTES + (LEASE_BYTES * maxConcurrency) / count;
    return (writesPerSecond / count) * Math.ceil(shardBytes / WRITE_UNIT_BYTES);
  }
}
