import fc from "fast-check";
import { expect, test } from "vitest";
import { shardCountOf, shardShare } from "./shares.ts";

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
  [1, 5, 10, 1],
  [20, 40, 10, 1],
  [20, 5, 10, 2],
  [500, 1_000, 3, 6],
])(
  "X = %i at %i ms and quantum %i is spread over %i items",
  (maxConcurrency, latencyMs, quantum, expected) => {
    expect(shardCountOf(maxConcurrency, latencyMs, quantum)).toBe(expected);
  },
);

test("a large X with short calls is spread so that no item takes more than half of a partition's writes", () => {
  const shardCount = shardCountOf(500, 5, 10);
  const writesPerSecond = (2 * 500 * 1_000) / (5 * 10 + 40);
  const itemKib = Math.ceil((300 + (72 * 500) / shardCount) / 1_024);
  expect((writesPerSecond / shardCount) * itemKib).toBeLessThanOrEqual(500);
  expect(shardCount).toBeLessThanOrEqual(64);
});
