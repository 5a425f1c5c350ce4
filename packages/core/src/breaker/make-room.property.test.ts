import fc from "fast-check";
import { expect, test } from "vitest";
import { makeLeases } from "../permits/lease.ts";
import { shardShare } from "../permits/shares.ts";
import type { Lease } from "../ports/permit-items.ts";
import { missingBlockers } from "./make-room.ts";

const shards = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 });

test("with its blockers, a new split and the permits that are out add up to X, or all that are out", () => {
  let placed = 0;
  fc.assert(
    fc.property(shards, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (counts, x, to) => {
      const toCount = Math.min(x, to);
      const live = Array.from({ length: Math.max(counts.length, toCount) }, (_, shard) =>
        makeLeases(`holder-${shard}`, counts[shard] ?? 0, 1, 9),
      );
      const room = { maxConcurrency: x, toCount };
      const blockers = missingBlockers(live, room);
      const outCount = live.reduce((sum, leases) => sum + leases.length, 0);
      expect(blockers === undefined).toBe(outCount > x);
      if (blockers === undefined) return;
      placed += blockers.length;
      const after: Lease[][] = live.map((leases, shard) => [
        ...leases,
        ...blockers.filter((blocker) => blocker.shard === shard).map(({ lease }) => lease),
      ]);
      const stillFree = after.map((leases, shard) =>
        shard < toCount ? Math.max(0, shardShare(x, toCount, shard) - leases.length) : 0,
      );
      expect(outCount + stillFree.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(x);
      expect(missingBlockers(after, room)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
  expect(placed).toBeGreaterThan(100);
});
