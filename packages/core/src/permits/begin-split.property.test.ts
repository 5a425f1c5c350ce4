import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lease, PermitItems } from "../ports/permit-items.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import { beginSplit } from "./begin-split.ts";
import { leasesAt, makeLeases } from "./lease.ts";
import { createPermitPool } from "./permit-pool.ts";
import { shardShare } from "./shares.ts";
import { firstSplit } from "./split.ts";

const LEASE_MS = 100;

interface Contract {
  readonly maxConcurrency: number;
  readonly shardCount: number;
}

const contract = fc
  .record({ maxConcurrency: fc.integer({ min: 1, max: 12 }), shards: fc.integer({ min: 1, max: 5 }) })
  .map(
    ({ maxConcurrency, shards }): Contract => ({
      maxConcurrency,
      shardCount: Math.min(shards, maxConcurrency),
    }),
  );

/** Takes as a version does that knows of no splits, and counts by its own configuration. */
async function takeWithoutSplit(
  items: PermitItems,
  { maxConcurrency, shardCount }: Contract,
  index: number,
  lease: Lease,
  nowMs: number,
): Promise<boolean> {
  const { leases, limit, phase } = await items.read(index);
  const share = shardShare(Math.min(limit, maxConcurrency), shardCount, index);
  const { live } = leasesAt(leases, nowMs);
  if (live.length >= share || phase !== "closed") return false;
  await items.add(index, [lease]);
  return true;
}

test("beside a version without splits: never more than the larger X, from the first deploy on", async () => {
  await fc.assert(
    fc.asyncProperty(
      contract,
      contract,
      fc.array(fc.record({ isOld: fc.boolean(), waitMs: fc.nat(60) }), { maxLength: 60 }),
      async (older, newer, run) => {
        const items = createMemoryPermitItems();
        let nowMs = 1;
        let holders = 0;
        const out: { untilMs: number; count: number }[] = [];
        const limit = older.maxConcurrency;
        // The version before has decided once, and has told its shards; then it lends all that it may.
        for (let index = 0; index < older.shardCount; index += 1) {
          await items.setControl(index, { phase: "closed", limit, epoch: 1 });
        }
        for (let index = 0; index < older.shardCount; index += 1) {
          while (await takeOld(index));
        }
        const pool = createPermitPool(items, newer, { next: () => (holders % 7) / 7 });
        for (const { isOld, waitMs } of run) {
          nowMs += waitMs;
          if (isOld) await takeOld(holders % older.shardCount);
          else await takeNew();
          const live = out
            .filter(({ untilMs }) => untilMs >= nowMs)
            .reduce((sum, { count }) => sum + count, 0);
          expect(live).toBeLessThanOrEqual(Math.max(older.maxConcurrency, newer.maxConcurrency));
        }

        async function takeOld(index: number): Promise<boolean> {
          holders += 1;
          const untilMs = nowMs + LEASE_MS;
          const [lease] = makeLeases(`old-${holders}`, 1, nowMs, untilMs);
          if (lease === undefined) return false;
          const isTaken = await takeWithoutSplit(items, older, index, lease, nowMs);
          if (isTaken) out.push({ untilMs, count: 1 });
          return isTaken;
        }

        async function takeNew(): Promise<void> {
          holders += 1;
          const leaseUntilMs = nowMs + LEASE_MS;
          const answer = await pool.checkOut({ holderId: `new-${holders}`, wanted: 2, nowMs, leaseUntilMs });
          if (answer.kind === "granted")
            out.push({ untilMs: leaseUntilMs, count: answer.permits.leases.length });
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("where nothing was lent before, the first split is the one that is proposed first", async () => {
  const items = createMemoryPermitItems();
  const proposals = [3, 2, 4].map((shardCount) => ({ maxConcurrency: 9, shardCount }));
  const begun = await Promise.all(proposals.map((bounds) => beginSplit(items, bounds, 5)));
  expect(begun.map(({ split }) => split)).toEqual(Array(3).fill(firstSplit(3, 5)));
});

test("shards that a version before has left behind are no part of the first split", async () => {
  const items = createMemoryPermitItems();
  for (let index = 0; index < 40; index += 1) {
    await items.setControl(index, { phase: "closed", limit: 80, epoch: 1 });
  }
  for (let index = 0; index < 35; index += 1) {
    await items.setControl(index, { phase: "closed", limit: 70, epoch: 2 });
  }
  const { split } = await beginSplit(items, { maxConcurrency: 80, shardCount: 9 }, 1);
  expect(split).toMatchObject({ kind: "lending", count: 35 });
});
