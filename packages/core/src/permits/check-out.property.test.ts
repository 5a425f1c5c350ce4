import { watchCalls } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import { createPermitPool, type PermitPool } from "./permit-pool.ts";
import { firstSplit } from "./split.ts";

const X_MAX = 60;
const bounds = fc
  .record({ maxConcurrency: fc.integer({ min: 1, max: X_MAX }), shards: fc.integer({ min: 1, max: 12 }) })
  .map(({ maxConcurrency, shards }) => ({ maxConcurrency, shardCount: Math.min(shards, maxConcurrency) }));
const situation = fc.record({
  bounds,
  splitCount: fc.integer({ min: 1, max: 12 }),
  /** Shards beyond, left over from an earlier split, in an earlier epoch. */
  leftOverCount: fc.nat(6),
  /** The stored limit, which a version with a larger X may have decided; none is decided yet at 0. */
  limit: fc.nat(2 * X_MAX),
  isRepeated: fc.boolean(),
  luck: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test("where nothing is out, whoever knows nothing gets a permit with its first call", async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ bounds, splitCount, leftOverCount, limit, isRepeated, luck }) => {
      const items = createMemoryPermitItems();
      const split = { ...firstSplit(splitCount, 0), version: 3 };
      for (let index = 0; index < splitCount; index += 1) {
        await items.setSplit(index, split);
        if (limit > 0) await items.setControl(index, { phase: "closed", limit, epoch: 2 });
      }
      for (let index = splitCount; index < splitCount + leftOverCount; index += 1) {
        await items.setSplit(index, {
          kind: "draining",
          version: 2,
          fromCount: splitCount + leftOverCount,
          toCount: splitCount,
          sinceMs: 0,
        });
        await items.setControl(index, { phase: "open", limit: 1, epoch: 1 });
      }
      const pool = createPermitPool(items, bounds, { next: () => luck });
      const request = { holderId: "one", wanted: 1, isRepeated, nowMs: 1, leaseUntilMs: 9 };
      expect((await pool.checkOut(request)).kind).toBe("granted");
    }),
    { numRuns: 1_000 },
  );
});

test("an X below the stored limit lends X, and no more", async () => {
  const { pool } = await poolUnder({ maxConcurrency: 10, limit: 14 });
  for (let holder = 0; holder < 10; holder += 1) {
    expect((await pool.checkOut(requestOf(`${holder}`))).kind).toBe("granted");
  }
  expect((await pool.checkOut(requestOf("late"))).kind).toBe("full");
});

test("an X below the limit that is stored while half-open lends a probe its permit", async () => {
  const { pool } = await poolUnder({ maxConcurrency: 1, limit: 2, phase: "half-open" });
  expect((await pool.checkOutProbe(requestOf("waker"))).kind).toBe("granted");
});

test("no probe begins while the permits move to other shards", async () => {
  const { pool, items } = await poolUnder({ maxConcurrency: 4, limit: 1, phase: "half-open" });
  await items.setSplit(0, { kind: "draining", version: 2, fromCount: 1, toCount: 2, sinceMs: 1 });
  expect((await pool.checkOutProbe(requestOf("waker"))).kind).toBe("full");
});

test("a take whose every answer was lost is undone as soon as the shard can be reached", async () => {
  const { items } = await poolUnder({ maxConcurrency: 1, limit: 1 });
  const watched = watchCalls(items);
  const pool = createPermitPool(watched.port, { maxConcurrency: 1, shardCount: 1 }, { next: () => 0 });
  watched.spoil((method) => (method === "take" ? "lost" : undefined));
  await expect(pool.checkOut(requestOf("one"))).rejects.toThrow("lose its answer");
  expect((await items.read(0)).leases).toHaveLength(1);
  watched.spoil((method) => (method === "prune" ? "unreachable" : undefined));
  await expect(pool.freeDoubtful()).rejects.toThrow("told to fail");
  watched.spoil(() => undefined);
  await pool.freeDoubtful();
  expect((await items.read(0)).leases).toEqual([]);
  expect((await pool.checkOut(requestOf("two"))).kind).toBe("granted");
});

test("the next check-out frees what the last one may have taken, and keeps what it takes itself", async () => {
  const { items } = await poolUnder({ maxConcurrency: 1, limit: 1 });
  const watched = watchCalls(items);
  const pool = createPermitPool(watched.port, { maxConcurrency: 1, shardCount: 1 }, { next: () => 0 });
  watched.spoil((method) => (method === "take" ? "lost" : undefined));
  await expect(pool.checkOut(requestOf("one"))).rejects.toThrow("lose its answer");
  watched.spoil(() => undefined);
  expect((await pool.checkOut(requestOf("one"))).kind).toBe("granted");
  await pool.freeDoubtful();
  expect((await items.read(0)).leases).toHaveLength(1);
});

function requestOf(holderId: string) {
  return { holderId, wanted: 1, nowMs: 1, leaseUntilMs: 9 };
}

async function poolUnder({
  maxConcurrency,
  limit,
  phase = "closed",
}: {
  maxConcurrency: number;
  limit: number;
  phase?: "closed" | "half-open";
}): Promise<{ pool: PermitPool; items: ReturnType<typeof createMemoryPermitItems> }> {
  const items = createMemoryPermitItems();
  await items.setSplit(0, firstSplit(1, 0));
  await items.setControl(0, { phase, limit, epoch: 1 });
  return { items, pool: createPermitPool(items, { maxConcurrency, shardCount: 1 }, { next: () => 0 }) };
}
