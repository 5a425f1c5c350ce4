import type { Control } from "@sluice/core/law";
import { parseLease, parseWish } from "@sluice/core/permits";
import type {
  BreakerStore,
  Claim,
  EventStore,
  Fetch,
  FetchStore,
  Orders,
  OrdersStore,
  PermitItems,
  PermitShard,
  TakeRequest,
} from "@sluice/core/ports";
import {
  createBreakerStore,
  createEventStore,
  createFetchStore,
  createOrdersStore,
  createPermitItems,
} from "@sluice/core/storage";
import {
  createMemoryBreakerStore,
  createMemoryEventStore,
  createMemoryFetchStore,
  createMemoryOrdersStore,
  createMemoryPermitItems,
} from "@sluice/core/storage/memory";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualTable } from "./virtual-table.ts";

const NOW_MS = Date.parse("2026-11-18T12:00:00Z");
const HOUR_MS = 3_600_000;

/** A call of a store, and its name for reports. */
type Call<Store> = readonly [name: string, call: (store: Store) => Promise<unknown>];

type Completion = Parameters<FetchStore["complete"]>[0];

/** Any calls, one after another, have the same answers from a store on the virtual table and from its twin. */
async function answerAlike<Store>(
  calls: fc.Arbitrary<Call<Store>>,
  open: () => readonly [onTable: Store, inMemory: Store],
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 40, size: "max" }), async (sequence) => {
      const [onTable, inMemory] = open();
      for (const [name, call] of sequence)
        expect([name, await call(onTable)]).toEqual([name, await call(inMemory)]);
    }),
    { numRuns: 60 },
  );
}

const few = <const T>(...values: readonly [T, ...T[]]) => fc.constantFrom(...values);
const cause = fc.string({ unit: "grapheme" });

test("claims, ends and burials of records", async () => {
  const key = fc.record({
    provider: few("demo"),
    day: few("2026-11-18", "2026-11-19"),
    recordId: few("a", "A", "ü 🦊", "a#b"),
  });
  const attemptId = few("one", "two", "three");
  const atMs = fc.integer({ min: NOW_MS, max: NOW_MS + 6 });
  const claim = fc
    .record({
      key,
      attemptId,
      runId: few("run", "later"),
      correlationId: few("c"),
      nowMs: atMs,
      leaseUntilMs: atMs,
      maxAttempts: few(1, 2, 3),
      isRedriven: fc.boolean(),
    })
    .map(({ key: of, ...rest }) => ({ ...of, ...rest }));
  const end = fc.record(
    {
      startedAtMs: atMs,
      endedAtMs: atMs,
      outcome: few("ok", "slow", "fault", "throttled", "rejected", "unavailable"),
      latencyMs: fc.nat({ max: 70_000_000 }).map((micros) => micros / 1_000),
      cause,
    },
    { requiredKeys: ["startedAtMs", "endedAtMs", "outcome"] },
  ) as fc.Arbitrary<Completion["end"]>;
  const status = few<Completion["status"]>("fetched", "failed", "dead", "released");
  const completion = fc
    .record({ key, attemptId, status, end })
    .map(({ key: of, ...rest }): Completion => ({ ...of, ...rest }));

  const byRecord = (rows: Fetch[]) => rows.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const calls = fc.oneof(
    { arbitrary: claim.map((one): Call<FetchStore> => ["claim", (store) => claimOf(store, one)]), weight: 4 },
    {
      arbitrary: completion.map((one): Call<FetchStore> => ["complete", (store) => completeOf(store, one)]),
      weight: 4,
    },
    fc
      .record({ key, attemptId, runId: few("run", "a run"), number: few(0, 17) })
      .map(
        ({ key: of, attemptId: its, ...waiting }): Call<FetchStore> => [
          "join",
          (store) => store.join(of, its, waiting),
        ],
      ),
    key.map((one): Call<FetchStore> => ["bury", (store) => store.bury(one, NOW_MS)]),
    key.map((one): Call<FetchStore> => ["get", (store) => store.get(one)]),
    key.map(
      ({ provider, day }): Call<FetchStore> => [
        "list",
        async (store) => byRecord(await Array.fromAsync(store.list(provider, day))),
      ],
    ),
  );
  await answerAlike<FetchStore>(calls, () => [
    createFetchStore(createVirtualTable()),
    createMemoryFetchStore(),
  ]);
});

/** A claim, unless it repeats one whose lease has run out: an attempt that is repeated asks again well before that. */
async function claimOf(store: FetchStore, claim: Claim): Promise<unknown> {
  const row = await store.get(claim);
  const isOwn = row?.status === "fetching" && row.attemptId === claim.attemptId;
  return isOwn && row.leaseUntilMs < claim.nowMs ? "lease run out" : store.claim(claim);
}

/** The end of an attempt, if its record was ever claimed: no other is ended. */
async function completeOf(store: FetchStore, completion: Completion): Promise<unknown> {
  return (await store.get(completion)) === undefined ? "never claimed" : store.complete(completion);
}

test("leases, reports, holds and decisions of permits", async () => {
  const shard = few(0, 1);
  const leases = fc.uniqueArray(
    few("a", "b", "c", "d").map((holder) => parseLease(`${holder}@1-2`)),
    {
      selector: ({ text }) => text,
      minLength: 1,
      maxLength: 3,
    },
  );
  const epoch = fc.nat({ max: 3 });
  const phase = few("closed", "open", "half-open");
  const limit = few(1, 2, 3);
  const nowMs = fc.integer({ min: 1, max: 6 });
  const count = fc.nat({ max: 3 });
  // Six decimals are what the table keeps.
  const sum = fc.nat({ max: 1_000_000_000 }).map((millionths) => millionths / 1e6);
  const evidence = fc.record(
    { okCount: count, slowCount: count, faultCount: count, latencySumMs: sum, lnLatencySum: sum },
    { requiredKeys: [] },
  );
  const report = fc.record({ epoch, evidence, atMs: nowMs });
  const lane = few("records", "express");
  const wishes = fc.uniqueArray(
    few("v@1", "w@2", "x@3").map((text) => parseWish(text)),
    {
      selector: ({ text }) => text,
      minLength: 1,
      maxLength: 3,
    },
  );
  const inLane = fc.record(
    { lane, ifAtMostWishes: count, fulfils: fc.oneof(wishes, fc.constant([])), expressStreak: count },
    { requiredKeys: ["lane", "ifAtMostWishes", "fulfils"] },
  ) as fc.Arbitrary<NonNullable<TakeRequest["inLane"]>>;
  const take = fc.record(
    {
      shardIndex: shard,
      leases,
      ifPhase: phase,
      ifLimit: limit,
      ifUnpinnedLimit: limit,
      ifSplit: few(1, 2),
      ifAtMostOut: count,
      nowMs,
      inLane,
    },
    { requiredKeys: ["shardIndex", "leases", "ifPhase", "ifLimit", "ifSplit", "ifAtMostOut", "nowMs"] },
  ) as fc.Arbitrary<TakeRequest>;
  const control = fc.record(
    {
      phase,
      limit,
      epoch,
      probeAtMs: nowMs,
      pinnedUntilMs: nowMs,
      unpinnedLimit: limit,
      forcedUntilMs: nowMs,
    },
    { requiredKeys: ["phase", "limit", "epoch"] },
  ) as fc.Arbitrary<Control>;
  const ordered = fc.record({ version: few(1, 2, 3), fromMs: nowMs, untilMs: nowMs });
  const lending = fc.record({
    kind: few("lending" as const),
    version: few(1, 2, 3),
    count: few(1, 2),
    sinceMs: nowMs,
  });

  const calls = fc.oneof(
    {
      arbitrary: take.map(
        (one): Call<PermitItems> => [
          "take",
          async (items) => {
            const { kind, shard: shardNow } = await items.take(one);
            return [kind, comparable(shardNow)];
          },
        ],
      ),
      weight: 4,
    },
    {
      arbitrary: fc
        .tuple(shard, leases, report)
        .map(
          ([index, given, said]): Call<PermitItems> => [
            "giveBack",
            async (items) => comparable(await items.giveBack(index, given, said)),
          ],
        ),
      weight: 3,
    },
    fc
      .tuple(shard, lending)
      .map(
        ([index, split]): Call<PermitItems> => ["setSplit", async (items) => items.setSplit(index, split)],
      ),
    fc
      .tuple(shard, report)
      .map(
        ([index, said]): Call<PermitItems> => [
          "report",
          async (items) => comparable(await items.report(index, said)),
        ],
      ),
    fc
      .tuple(shard, leases)
      .map(([index, gone]): Call<PermitItems> => ["prune", (items) => items.prune(index, gone)]),
    {
      arbitrary: fc
        .tuple(shard, lane, wishes, count)
        .map(
          ([index, of, wished, most]): Call<PermitItems> => [
            "wish",
            (items) => items.wish(index, of, wished, most),
          ],
        ),
      weight: 2,
    },
    fc
      .tuple(shard, lane, wishes)
      .map(
        ([index, of, gone]): Call<PermitItems> => ["withdraw", (items) => items.withdraw(index, of, gone)],
      ),
    fc
      .tuple(shard, nowMs)
      .map(([index, untilMs]): Call<PermitItems> => ["hold", (items) => items.hold(index, untilMs)]),
    fc
      .tuple(shard, ordered)
      .map(
        ([index, hold]): Call<PermitItems> => [
          "setOrderedHold",
          (items) => items.setOrderedHold(index, hold),
        ],
      ),
    fc
      .tuple(shard, control)
      .map(
        ([index, decided]): Call<PermitItems> => ["setControl", (items) => items.setControl(index, decided)],
      ),
    shard.map((index): Call<PermitItems> => ["read", async (items) => comparable(await items.read(index))]),
  );
  await answerAlike<PermitItems>(calls, () => [
    createPermitItems(createVirtualTable(), "demo"),
    createMemoryPermitItems(),
  ]);
});

/**
 * A shard whose leases and wishes are in order, which a set has none of, and whose sums are rounded as the table adds: exactly.
 */
function comparable({ leases, wishes, evidence, ...rest }: PermitShard): unknown {
  const sums = Object.entries(evidence).map(([name, sum]) => [name, Math.round(sum * 1e6) / 1e6]);
  const [texts, records, express] = [leases, wishes.records, wishes.express].map((each) =>
    each.map(({ text }) => text).toSorted(),
  );
  return { ...rest, leases: texts, records, express, sums };
}

/** Any JSON as it is after a round through text, which knows no -0. */
function storedJson(): fc.Arbitrary<unknown> {
  return fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
}

test("commits of the breaker's memory and of notes on valves", async () => {
  const value = storedJson();
  const version = fc.nat({ max: 4 });
  const lane = few("records", "express");
  const calls = fc.oneof(
    fc
      .tuple(value, version)
      .map(([memory, at]): Call<BreakerStore> => ["commit", (store) => store.commit(memory, at)]),
    fc
      .tuple(lane, value, version)
      .map(
        ([of, notes, at]): Call<BreakerStore> => ["commitValve", (store) => store.commitValve(of, notes, at)],
      ),
    fc.constant<Call<BreakerStore>>(["read", (store) => store.read()]),
    lane.map((of): Call<BreakerStore> => ["readValve", (store) => store.readValve(of)]),
  );
  await answerAlike<BreakerStore>(calls, () => [
    createBreakerStore(createVirtualTable(), "demo"),
    createMemoryBreakerStore(),
  ]);
});

test("commits of operators' orders", async () => {
  const version = fc.nat({ max: 4 });
  const orders = fc.record({ pin: storedJson() }) as unknown as fc.Arbitrary<Orders>;
  const calls = fc.oneof(
    fc
      .tuple(orders, version, version)
      .map(
        ([given, after, at]): Call<OrdersStore> => ["commit", (store) => store.commit(given, after + 1, at)],
      ),
    fc.constant<Call<OrdersStore>>(["read", (store) => store.read()]),
  );
  await answerAlike<OrdersStore>(calls, () => [
    createOrdersStore(createVirtualTable(), "demo"),
    createMemoryOrdersStore(),
  ]);
});

test("events that were appended", async () => {
  const hours = fc.integer({ min: -80, max: 0 });
  const event = fc
    .record({
      name: few("a", "B", "ü", "🦊"),
      hours,
      kind: few("decision", "advice", "valve", "hold", "order"),
      summary: cause,
      details: storedJson(),
    })
    // An id has one instant.
    .map(({ name, hours: at, ...rest }) => ({ ...rest, id: `${name}${at}`, atMs: NOW_MS + at * HOUR_MS }));
  const calls = fc.oneof(
    event.map((one): Call<EventStore> => ["append", (store) => store.append(one)]),
    hours.map(
      (since): Call<EventStore> => ["list", (store) => Array.fromAsync(store.list(NOW_MS + since * HOUR_MS))],
    ),
    fc
      .record({
        since: hours,
        count: fc.integer({ min: 1, max: 4 }),
        before: fc.option(event, { nil: undefined }),
      })
      .map(
        ({ since, count, before }): Call<EventStore> => [
          "latest",
          (store) => store.latest({ count, sinceMs: NOW_MS + since * HOUR_MS, before }),
        ],
      ),
  );
  await answerAlike<EventStore>(calls, () => [
    createEventStore(createVirtualTable(), "demo", () => NOW_MS),
    createMemoryEventStore(),
  ]);
});
