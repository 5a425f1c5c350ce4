import fc from "fast-check";
import { expect, test } from "vitest";
import { LEASE_BYTES } from "./lease.ts";
import { SHARD_BYTES, shardCountOf, shardShare } from "./shares.ts";

const limits = fc.integer({ min: 1, max: 1_000 });

test("the shares of all shards add up to the limit", () => {
  fc.assert(
    fc.property(limits, limits, (limit, shardCount) => {
      const shares = Array.from({ length: shardCount }, (_, shard) => shardShare(limit, shardCount, shard));
      expect(shares.reduce((sum, share) => sum + share)).toBe(limit);
    }),
  );
});

test("no share grows when the limit shrinks, so no mix of old and new limits lends more than the larger", () => {
  fc.assert(
    fc.property(limits, limits, limits, limits, (one, other, shardCount, shard) => {
      const [smaller, larger] = [Math.min(one, other), Math.max(one, other)];
      expect(shardShare(smaller, shardCount, shard % shardCount)).toBeLessThanOrEqual(
        shardShare(larger, shardCount, shard % shardCount),
      );
    }),
  );
});

test.each([
  [1, 5, 10, 1, 1],
  [10, 300, 10, 1, 1],
  [20, 300, 10, 1, 2],
  [20, 5, 10, 1, 2],
  [100, 3_000, 1, 1, 10],
  [500, 1_000, 3, 1, 50],
  [500, 1_000, 3, 5, 10],
  [1_000, 60_000, 1, 10, 10],
])(
  "X = %i at %i ms, quantum %i and a fan-out of %i is spread over %i items",
  (maxConcurrency, usualLatencyMs, quantum, fanOut, expected) => {
    expect(shardCountOf({ maxConcurrency, usualLatencyMs, quantum, fanOut })).toBe(expected);
  },
);

test("a large X with short calls is spread so that no item takes more than half of a partition's writes", () => {
  const use = { maxConcurrency: 1_000, usualLatencyMs: 5, quantum: 10, fanOut: 10 };
  const shardCount = shardCountOf(use);
  const writesPerSecond = (2 * 1_000 * 1_000) / (5 * 10 + 40);
  const itemKib = Math.ceil((SHARD_BYTES + (LEASE_BYTES * 1_000) / shardCount) / 1_024);
  expect((writesPerSecond / shardCount) * itemKib).toBeLessThanOrEqual(500);
  expect(shardCount).toBeLessThanOrEqual(100);
});
