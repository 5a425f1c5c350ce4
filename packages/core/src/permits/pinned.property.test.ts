import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import { createPermitPool, type PermitPool } from "./permit-pool.ts";
import { shardIndexes, shardShare } from "./shares.ts";

const LEASE_MS = 1_000;

/** A pin that a decision carries, below the limit from its end on. */
interface Pin {
  readonly limit: number;
  readonly moreCount: number;
  readonly forMs: number;
}

type Step =
  | { readonly kind: "check-out"; readonly pool: number; readonly wanted: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  | { readonly kind: "pin"; readonly pin: Pin };

const pin: fc.Arbitrary<Pin> = fc.record({
  limit: fc.integer({ min: 1, max: 5 }),
  moreCount: fc.integer({ min: 1, max: 7 }),
  forMs: fc.integer({ min: 1, max: 300 }),
});
const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ kind: fc.constant("check-out"), pool: fc.nat(2), wanted: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("wait"), durationMs: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ kind: fc.constant("pin"), pin }),
  ),
  { maxLength: 40 },
);

/** Pools of three processes on the same shards, each with its own idea of them, and their grants. */
function createPools(maxConcurrency: number, shardCount: number) {
  const bounds = { maxConcurrency, shardCount };
  const items = createMemoryPermitItems();
  const pools = [0.1, 0.5, 0.9].map((value) => createPermitPool(items, bounds, { next: () => value }));
  const out: { readonly shard: number; readonly untilMs: number }[] = [];
  let [epoch, holders] = [0, 0];
  return {
    /** Permits that are out, by shard. */
    outCounts: (nowMs: number) =>
      shardIndexes(shardCount).map(
        (index) => out.filter(({ shard, untilMs }) => shard === index && untilMs >= nowMs).length,
      ),
    async govern({ limit, moreCount, forMs }: Pin, nowMs: number): Promise<void> {
      epoch += 1;
      const pinned = { pinnedUntilMs: nowMs + forMs, unpinnedLimit: limit + moreCount };
      for (let shard = 0; shard < shardCount; shard += 1)
        await items.setControl(shard, { phase: "closed", limit, epoch, ...pinned });
    },
    /** The number of the shard that has granted some, if one did. */
    async checkOut(index: number, wanted: number, nowMs: number): Promise<number | undefined> {
      holders += 1;
      const pool: PermitPool | undefined = pools[index];
      const leaseUntilMs = nowMs + LEASE_MS;
      const answer = await pool?.checkOut({ holderId: `h-${holders}`, wanted, nowMs, leaseUntilMs });
      if (answer?.kind !== "granted") return undefined;
      const { leases, shardIndex } = answer.permits;
      out.push(...leases.map(() => ({ shard: shardIndex, untilMs: leaseUntilMs })));
      return shardIndex;
    },
  };
}

test("a pin is kept until the instant of its end, and ends then without anybody's decision, whatever a process knew before", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      pin,
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (run, last, maxConcurrency, shards) => {
        const shardCount = Math.min(maxConcurrency, shards);
        const pools = createPools(maxConcurrency, shardCount);
        let nowMs = 1;
        let present = { limit: maxConcurrency, moreCount: 0, endsAtMs: 0 };
        const allowedOn = (shard: number) => {
          const { limit, moreCount, endsAtMs } = present;
          const allowedCount = Math.min(maxConcurrency, endsAtMs <= nowMs ? limit + moreCount : limit);
          return shardShare(allowedCount, shardCount, shard);
        };
        for (const step of [...run, { kind: "pin", pin: last } as const]) {
          if (step.kind === "wait") nowMs += step.durationMs;
          if (step.kind === "pin") {
            await pools.govern(step.pin, nowMs);
            present = { ...step.pin, endsAtMs: nowMs + step.pin.forMs };
          }
          if (step.kind !== "check-out") continue;
          const shard = await pools.checkOut(step.pool, step.wanted, nowMs);
          if (shard !== undefined)
            expect(pools.outCounts(nowMs)[shard]).toBeLessThanOrEqual(allowedOn(shard));
        }
        nowMs = present.endsAtMs;
        for (let tries = 0; tries < 9 * maxConcurrency; tries += 1) await pools.checkOut(tries % 3, 1, nowMs);
        for (const [shard, outCount] of pools.outCounts(nowMs).entries())
          expect(outCount).toBeGreaterThanOrEqual(allowedOn(shard));
      },
    ),
    { numRuns: 300 },
  );
});

test("a holder beyond a pin may start again from its end on", async () => {
  const items = createMemoryPermitItems();
  const pool = createPermitPool(items, { maxConcurrency: 2, shardCount: 1 }, { next: () => 0 });
  const answer = await pool.checkOut({ holderId: "one", wanted: 2, nowMs: 1, leaseUntilMs: 1_000 });
  if (answer.kind !== "granted") throw new Error("free permits were refused");
  const pinned = { phase: "closed", limit: 1, epoch: 1, pinnedUntilMs: 100, unpinnedLimit: 2 } as const;
  await items.setControl(0, pinned);
  const gatesAt = async (nowMs: number) => {
    const { gateFor } = await pool.readGate(answer.permits, nowMs);
    return answer.permits.leases.map((lease) => gateFor(lease).kind);
  };
  expect(await gatesAt(99)).toEqual(["open", "over-limit"]);
  expect(await gatesAt(100)).toEqual(["open", "open"]);
});
