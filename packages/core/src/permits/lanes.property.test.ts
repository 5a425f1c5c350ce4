import { watchCalls } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PermitItems } from "../ports/permit-items.ts";
import { LANES, type Lane, otherLane } from "../provider/lane.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import type { HeldPermits } from "./check-out.ts";
import { leasesAt, makeLeases } from "./lease.ts";
import type { LeftWish } from "./leave-wish.ts";
import { createPermitPool, type PermitPool } from "./permit-pool.ts";
import { keptFor } from "./precedence.ts";
import { shardIndexes, shardShare } from "./shares.ts";
import { makeWishes, WISH_MS, WISHES_MAX, wishesAt } from "./wish.ts";

const LEASE_MS = 30_000;
const REPORT = { epoch: 0, evidence: {}, atMs: 1 };

/** A batch that waits for permits, or has them. */
interface Batch {
  readonly lane: Lane;
  readonly holderId: string;
  readonly wanted: number;
  isRepeated: boolean;
  left?: LeftWish;
  held?: HeldPermits;
  heldUntilMs: number;
}

/** Batches of both lanes on a store, at any instants. */
function createBatches(items: PermitItems, maxConcurrency: number, shardCount: number) {
  const pools = [0.1, 0.7].map((luck) =>
    createPermitPool(items, { maxConcurrency, shardCount }, { next: () => luck }),
  );
  const poolFor = (batch: Batch) => pools[batch.lane === "express" ? 0 : 1] as PermitPool;
  const batches: Batch[] = [];
  let arrivedCount = 0;

  return {
    batches,
    waiting: () => batches.filter(({ held }) => held === undefined),
    holding: () => batches.filter(({ held }) => held !== undefined),
    arrive(lane: Lane, wanted = 1): Batch {
      arrivedCount += 1;
      const holderId = `batch-${arrivedCount}`;
      const batch: Batch = { lane, holderId, wanted, isRepeated: false, heldUntilMs: 0 };
      batches.push(batch);
      return batch;
    },
    /** Lets a batch ask once; true if it was granted permits. */
    async ask(batch: Batch, nowMs: number): Promise<boolean> {
      const { lane, holderId, wanted, isRepeated, left } = batch;
      const leaseUntilMs = nowMs + LEASE_MS;
      const asked = { lane, holderId, wanted, isRepeated, nowMs, leaseUntilMs };
      const answer = await poolFor(batch).checkOut({ ...asked, ...(left && { left }) });
      batch.isRepeated = true;
      if (answer.kind === "full") {
        if (answer.left === undefined) delete batch.left;
        else batch.left = answer.left;
        return false;
      }
      if (answer.kind !== "granted") throw new TypeError("no gate is shut here");
      batch.held = answer.permits;
      batch.heldUntilMs = leaseUntilMs;
      return true;
    },
    async give(batch: Batch): Promise<void> {
      if (batch.held !== undefined) await poolFor(batch).checkIn(batch.held, REPORT, new Set());
      batches.splice(batches.indexOf(batch), 1);
    },
    die(batch: Batch | undefined): void {
      if (batch !== undefined) batches.splice(batches.indexOf(batch), 1);
    },
  };
}

type Step =
  | { readonly kind: "arrive"; readonly lane: Lane; readonly wanted: number }
  | { readonly kind: "ask" | "give" | "die"; readonly nth: number }
  | { readonly kind: "old take"; readonly shard: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  | { readonly kind: "limit"; readonly limit: number };

const nth = fc.nat(40);
const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("arrive"),
        lane: fc.constantFrom(...LANES),
        wanted: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("ask"), nth }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("give"), nth }) },
    fc.record({ kind: fc.constant("die"), nth }),
    fc.record({ kind: fc.constant("old take"), shard: fc.nat(3) }),
    fc.record({ kind: fc.constant("wait"), durationMs: fc.integer({ min: 0, max: 4_000 }) }),
    fc.record({ kind: fc.constant("limit"), limit: fc.integer({ min: 1, max: 12 }) }),
  ),
  { maxLength: 80, size: "max" },
);

test("whatever comes, X is never exceeded, a wished permit is nobody else's, and wishes run out", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      async (run, max, shards) => {
        const shardCount = Math.min(max, shards);
        const items = createMemoryPermitItems();
        const all = createBatches(items, max, shardCount);
        const oldUntilMs: number[] = [];
        let nowMs = 1;
        let limit = max;
        let epoch = 0;

        for (const step of run) {
          if (step.kind === "wait") nowMs += step.durationMs;
          if (step.kind === "limit") await govern(step.limit);
          if (step.kind === "arrive") all.arrive(step.lane, step.wanted);
          if (step.kind === "ask") await ask(all.waiting()[step.nth % Math.max(1, all.waiting().length)]);
          if (step.kind === "give") {
            const batch = all.holding()[step.nth % Math.max(1, all.holding().length)];
            if (batch !== undefined) await all.give(batch);
          }
          if (step.kind === "die") all.die(all.batches[step.nth % Math.max(1, all.batches.length)]);
          if (step.kind === "old take") await takeWithoutWishes(step.shard % shardCount);
          expect(await liveCount()).toBeLessThanOrEqual(max);
          for (let index = 0; index < shardCount; index += 1) {
            const { wishes } = await items.read(index);
            for (const lane of LANES) expect(wishes[lane].length).toBeLessThanOrEqual(WISHES_MAX);
          }
        }

        // All die. Each lane, alone, gets all permits then.
        for (const lane of LANES) {
          nowMs += LEASE_MS + 1;
          await govern(max);
          all.batches.splice(0);
          for (let tries = 0; tries < 6 * max; tries += 1) await all.ask(all.arrive(lane), nowMs);
          const granted = all.holding().reduce((sum, { held }) => sum + (held?.leases.length ?? 0), 0);
          expect(granted).toBe(max);
        }

        async function ask(batch: Batch | undefined): Promise<void> {
          const before = await Promise.all(shardIndexes(shardCount).map((index) => items.read(index)));
          if (batch === undefined || !(await all.ask(batch, nowMs))) return;
          const { shardIndex = 0, leases = [] } = batch.held ?? {};
          const shard = before[shardIndex];
          if (shard === undefined) throw new TypeError("there is no such shard");
          const share = shardShare(Math.min(limit, max), shardCount, shardIndex);
          const keptCount = keptFor(otherLane(batch.lane), share, shard, nowMs);
          const outCount = leasesAt(shard.leases, nowMs).live.length + leases.length;
          expect(outCount + keptCount).toBeLessThanOrEqual(share);
        }

        /** As a version does that knows of no wishes. */
        async function takeWithoutWishes(index: number): Promise<void> {
          const { leases, limit: stored, wishes } = await items.read(index);
          const share = shardShare(Math.min(stored, max), shardCount, index);
          const [lease] = makeLeases(`old-${oldUntilMs.length}`, 1, nowMs, nowMs + LEASE_MS);
          if (lease === undefined || leasesAt(leases, nowMs).live.length >= share) return;
          const conditions = { ifPhase: "closed", ifLimit: stored, ifSplit: shardCount } as const;
          const request = { shardIndex: index, leases: [lease], ...conditions, nowMs };
          const { kind } = await items.take({ ...request, ifAtMostOut: share - 1 });
          if (kind === "taken") oldUntilMs.push(nowMs + LEASE_MS);
          expect((await items.read(index)).wishes).toEqual(wishes);
        }

        async function liveCount(): Promise<number> {
          const held = all.holding().filter(({ heldUntilMs }) => heldUntilMs >= nowMs);
          const oldCount = oldUntilMs.filter((untilMs) => untilMs >= nowMs).length;
          return held.reduce((sum, { held }) => sum + (held?.leases.length ?? 0), oldCount);
        }

        async function govern(decided: number): Promise<void> {
          epoch += 1;
          limit = decided;
          for (let shard = 0; shard < shardCount; shard += 1)
            await items.setControl(shard, { phase: "closed", limit, epoch });
        }
      },
    ),
    { numRuns: 400 },
  );
});

/** Rounds in each of which all who wait ask once, in any order, and then some of the holders return their permits. */
async function floodBothLanes(share: number, rounds: readonly (readonly number[])[]) {
  const items = createMemoryPermitItems();
  const all = createBatches(items, share, 1);
  const takes: Lane[] = [];
  const outAfter: Record<Lane, number>[] = [];
  let nowMs = 1;
  for (const lane of LANES) for (let count = 0; count < 2 * share; count += 1) all.arrive(lane);
  const heldSince = new Map<Batch, number>();
  for (const chances of rounds) {
    const order = all.waiting().map((batch, at) => ({ batch, rank: chances[at % chances.length] ?? 0 }));
    for (const { batch } of order.toSorted((one, other) => one.rank - other.rank)) {
      nowMs += 10;
      if (await all.ask(batch, nowMs)) takes.push(batch.lane);
    }
    const countOf = (lane: Lane) => all.holding().filter((batch) => batch.lane === lane).length;
    outAfter.push({ records: countOf("records"), express: countOf("express") });
    for (const [at, batch] of all.holding().entries()) {
      const heldRounds = (heldSince.get(batch) ?? 0) + 1;
      heldSince.set(batch, heldRounds);
      const isOver = share === 1 || heldRounds >= 3 || (chances[at % chances.length] ?? 0) % 2 === 0;
      if (!isOver) continue;
      await all.give(batch);
      all.arrive(batch.lane);
    }
  }
  return { takes, outAfter };
}

const rounds = (count: number) =>
  fc.array(fc.array(fc.nat(1_000), { minLength: 30, maxLength: 30 }), { minLength: count, maxLength: count });

test("of one permit that both lanes are flooded for, the bulk has one turn in five, and express the others", async () => {
  await fc.assert(
    fc.asyncProperty(rounds(45), async (chances) => {
      const { takes } = await floodBothLanes(1, chances);
      expect(takes).toHaveLength(45);
      for (let at = 0; at + 5 <= takes.length; at += 1) {
        const five = takes.slice(at, at + 5);
        expect(five.filter((lane) => lane === "records")).toHaveLength(1);
      }
    }),
    { numRuns: 60 },
  );
});

test("of several, express soon has four fifths, rounded down, and the bulk the rest", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 10 }), rounds(30), async (share, chances) => {
      const { outAfter } = await floodBothLanes(share, chances);
      const expressCount = Math.floor(0.8 * share);
      for (const out of outAfter.slice(20)) {
        expect(out).toEqual({ express: expressCount, records: share - expressCount });
      }
    }),
    { numRuns: 60 },
  );
});

test("a bulk batch that has its turn keeps its permit to its end, any other gives way to a wish", async () => {
  const items = createMemoryPermitItems();
  const all = createBatches(items, 1, 1);
  const pool = createPermitPool(items, { maxConcurrency: 1, shardCount: 1 }, { next: () => 0 });
  const gateOf = async ({ held }: Batch) => {
    const [lease] = held?.leases ?? [];
    if (held === undefined || lease === undefined) throw new TypeError("the batch holds nothing");
    return (await pool.readGate(held, 10)).gateFor(lease);
  };
  const first = all.arrive("records");
  expect(await all.ask(first, 1)).toBe(true);
  expect(await gateOf(first)).toEqual({ kind: "open" });
  for (let turn = 0; turn < 4; turn += 1) {
    const express = all.arrive("express");
    expect(await all.ask(express, 2)).toBe(false);
    if (turn === 0) {
      expect(await gateOf(first)).toEqual({ kind: "awaited" });
      await all.give(first);
    } else {
      const [holder] = all.holding();
      if (holder !== undefined) await all.give(holder);
    }
    expect(await all.ask(express, 3)).toBe(true);
    expect(await gateOf(express)).toEqual({ kind: "open" });
  }
  const [last] = all.holding();
  const [bulk, express] = [all.arrive("records"), all.arrive("express")];
  for (const batch of [bulk, express]) expect(await all.ask(batch, 4)).toBe(false);
  if (last !== undefined) await all.give(last);
  expect(await all.ask(express, 5)).toBe(false);
  expect(await all.ask(bulk, 6)).toBe(true);
  expect(await gateOf(bulk)).toEqual({ kind: "open" });
});

test("of batches that see the same room at once, none takes what is kept for the other lane", async () => {
  const items = createMemoryPermitItems();
  const all = createBatches(items, 3, 1);
  await all.give(await granted(all.arrive("records")));
  await items.wish(0, "express", makeWishes("a user", 1, WISH_MS), 0);
  const batches = Array.from({ length: 3 }, () => Object.assign(all.arrive("records"), { isRepeated: true }));
  const answers = await Promise.all(batches.map((batch) => all.ask(batch, 2)));
  expect(answers.filter(Boolean)).toHaveLength(2);

  async function granted(batch: Batch): Promise<Batch> {
    expect(await all.ask(batch, 1)).toBe(true);
    return batch;
  }
});

test("the wish of a batch that dies keeps a permit for seconds, and no longer", async () => {
  const items = createMemoryPermitItems();
  const all = createBatches(items, 1, 1);
  const first = all.arrive("records");
  await all.ask(first, 1);
  await all.ask(all.arrive("express"), 2);
  await all.give(first);
  const next = all.arrive("records");
  expect(await all.ask(next, 1 + WISH_MS)).toBe(false);
  expect(await all.ask(next, 2 + WISH_MS)).toBe(true);
  expect((await items.read(0)).wishes.express).toEqual([]);
});

test("a batch that waits renews its wish before that, and withdraws it with what it takes, or when it goes", async () => {
  const items = createMemoryPermitItems();
  const all = createBatches(items, 1, 1);
  const pool = createPermitPool(items, { maxConcurrency: 1, shardCount: 1 }, { next: () => 0 });
  const first = all.arrive("records");
  await all.ask(first, 1);
  const express = all.arrive("express");
  for (let nowMs = 2; nowMs < 4 * WISH_MS; nowMs += 100) {
    expect(await all.ask(express, nowMs)).toBe(false);
    const { live, lapsed } = wishesAt((await items.read(0)).wishes.express, nowMs + WISH_MS / 3);
    expect({ live: live.length, lapsed: lapsed.length }).toEqual({ live: 1, lapsed: 0 });
  }
  await all.give(first);
  expect(await all.ask(express, 4 * WISH_MS)).toBe(true);
  expect((await items.read(0)).wishes.express).toEqual([]);
  const other = all.arrive("express");
  await all.ask(other, 4 * WISH_MS);
  expect((await items.read(0)).wishes.express).toHaveLength(1);
  if (other.left !== undefined) await pool.withdraw(other.left);
  expect((await items.read(0)).wishes.express).toEqual([]);
});

test("a batch of the bulk forgets its wish when no express record is there any more", async () => {
  const items = createMemoryPermitItems();
  const all = createBatches(items, 1, 1);
  const [express, bulk, other] = [all.arrive("express"), all.arrive("records"), all.arrive("records")];
  await all.ask(express, 1);
  for (const batch of [bulk, other]) await all.ask(batch, 2);
  expect(bulk.left?.wishes).toHaveLength(1);
  await all.give(express);
  expect(await all.ask(other, 3)).toBe(true);
  await all.ask(bulk, 1 + WISH_MS);
  expect(bulk.left?.wishes).toHaveLength(1);
  await all.ask(bulk, 2 + WISH_MS);
  expect(bulk.left).toBeUndefined();
});

test("a take whose answer was lost may have fulfilled the wish: the batch leaves it again", async () => {
  const watched = watchCalls(createMemoryPermitItems());
  const all = createBatches(watched.port, 1, 1);
  const [first, express] = [all.arrive("records"), all.arrive("express")];
  await all.ask(first, 1);
  await all.ask(express, 2);
  await all.give(first);
  watched.spoil((method) => (method === "take" ? "lost" : undefined));
  await expect(all.ask(express, 3)).rejects.toThrow("lose its answer");
  expect((await watched.port.read(0)).wishes.express).toEqual([]);
  watched.spoil(() => undefined);
  expect(await all.ask(express, 4)).toBe(true);
});

test("without express records the bulk writes what it takes and returns, and nothing else", async () => {
  const watched = watchCalls(createMemoryPermitItems());
  const methods: string[] = [];
  watched.spoil((method) => void methods.push(method));
  const all = createBatches(watched.port, 2, 1);
  await all.ask(all.arrive("records"), 1);
  methods.length = 0;
  const [one, two] = [all.arrive("records"), all.arrive("records")];
  for (const batch of [one, two]) await all.ask(batch, 2);
  for (const nowMs of [3, 4]) await all.ask(two, nowMs);
  await all.give(one);
  await all.ask(two, 5);
  await all.give(two);
  expect(methods).toEqual(["take", "take", "read", "read", "giveBack", "read", "take", "giveBack"]);
});
