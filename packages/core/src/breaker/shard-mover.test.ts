import {
  type BreakerHarness,
  type BreakerProcess,
  createBreakerHarness,
} from "@sluice/testing/breaker-harness";
import { describe, expect, test } from "vitest";
import { SPLIT_KEPT_MS } from "./shard-mover.ts";

const FAULTS = { faultCount: 3 };
const LEASE_MS = 2 * SPLIT_KEPT_MS;

async function move({ items, clock }: BreakerHarness, one: BreakerProcess, forMs = 0): Promise<void> {
  await one.shardMover.move((await items.read(0)).split, clock.nowMs() + forMs);
}

/** Begins a split and lets it grow old enough to be moved. */
async function beginWith(harness: BreakerHarness, one: BreakerProcess): Promise<void> {
  await move(harness, one);
  harness.clock.advance(SPLIT_KEPT_MS);
}

function checkOut({ clock }: BreakerHarness, one: BreakerProcess, holderId: string, wanted = 1) {
  const nowMs = clock.nowMs();
  return one.permits.checkOut({ holderId, wanted, nowMs, leaseUntilMs: nowMs + LEASE_MS });
}

describe("a move", () => {
  test("waits for the permits of shards that the new split leaves out, and lends nothing meanwhile", async () => {
    const harness = createBreakerHarness();
    const older = harness.start({ maxConcurrency: 2, shardCount: 2 });
    const newer = harness.start({ maxConcurrency: 2, shardCount: 1 });
    await beginWith(harness, older);
    const granted = await checkOut(harness, older, "on any shard");
    const other = await checkOut(harness, older, "on the other");
    if (granted.kind !== "granted" || other.kind !== "granted") throw new Error("a free permit was refused");
    await move(harness, newer);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "draining", fromCount: 2, toCount: 1 });
    for (const one of [older, newer]) expect((await checkOut(harness, one, "late")).kind).toBe("full");
    for (const { permits } of [granted, other]) {
      const reading = await older.permits.readGate(permits, harness.clock.nowMs());
      expect(permits.leases.map((lease) => reading.gateFor(lease).kind)).toEqual(["over-limit"]);
      await older.permits.checkIn(permits, { epoch: 0, evidence: { okCount: 2 }, atMs: 1 }, new Set());
    }
    await move(harness, newer);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "lending", count: 1 });
    expect((await harness.state())?.seen[0]).toMatchObject({ okCount: 4 });
    expect((await checkOut(harness, older, "next")).kind).toBe("granted");
    expect((await checkOut(harness, newer, "after next")).kind).toBe("granted");
    expect((await checkOut(harness, older, "one too many")).kind).toBe("full");
  });

  test("waits within its time for permits that come back", async () => {
    const harness = createBreakerHarness();
    const older = harness.start({ maxConcurrency: 2, shardCount: 2 });
    await beginWith(harness, older);
    const nowMs = harness.clock.nowMs();
    await older.permits.checkOut({ holderId: "one", wanted: 1, nowMs, leaseUntilMs: nowMs + 5_000 });
    await older.permits.checkOut({ holderId: "two", wanted: 1, nowMs, leaseUntilMs: nowMs + 5_000 });
    await move(harness, harness.start({ maxConcurrency: 2, shardCount: 1 }), 10_000);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "lending", count: 1 });
    expect(harness.clock.nowMs() - nowMs).toBeLessThan(8_000);
  });

  test("doesn't wait for the dead longer than a call lasts, and counts their permits all the same", async () => {
    const harness = createBreakerHarness();
    const older = harness.start({ maxConcurrency: 3, shardCount: 3 });
    await beginWith(harness, older);
    for (const holder of ["dead", "dead too"]) await checkOut(harness, older, holder);
    const newer = harness.start({ maxConcurrency: 3, shardCount: 1 });
    await move(harness, newer);
    harness.clock.advance(29_000);
    await move(harness, newer);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "draining" });
    harness.clock.advance(30_000);
    await move(harness, newer);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "lending", count: 1 });
    expect((await checkOut(harness, newer, "one more")).kind).toBe("granted");
    expect((await checkOut(harness, newer, "one too many")).kind).toBe("full");
    harness.clock.advance(LEASE_MS + 1);
    expect(await checkOut(harness, newer, "all", 3)).toMatchObject({ permits: { leases: { length: 3 } } });
  });

  test("begins twenty minutes after the last one, so that versions side by side don't undo each other's", async () => {
    const harness = createBreakerHarness();
    const older = harness.start({ shardCount: 1 });
    const newer = harness.start({ shardCount: 2 });
    await move(harness, older);
    harness.clock.advance(SPLIT_KEPT_MS - 1);
    await move(harness, newer);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "lending", count: 1 });
    harness.clock.advance(1);
    await move(harness, newer);
    await move(harness, older);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "lending", count: 2 });
  });

  test("that is under way is finished first, whatever others propose", async () => {
    const harness = createBreakerHarness();
    const first = harness.start({ shardCount: 1 });
    await beginWith(harness, first);
    const dying = harness.start({ shardCount: 2 });
    dying.store.spoil(() => "unreachable");
    await move(harness, dying);
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "draining", toCount: 2 });
    await move(harness, harness.start({ shardCount: 3 }));
    expect((await harness.items.read(0)).split).toMatchObject({ kind: "lending", count: 2 });
  });

  test.each([
    ["that is open", true],
    ["that trips with its epoch", false],
  ])("leaves a breaker %s open on every shard, whichever of its calls fails", async (_, isOpenBefore) => {
    for (let failsAt = 1; failsAt < 40; failsAt += 1) {
      const harness = createBreakerHarness();
      await beginWith(harness, harness.start({ shardCount: 1 }));
      await harness.report(FAULTS);
      if (isOpenBefore) await harness.start({ shardCount: 1 }).breaker.look();
      const newer = harness.start({ shardCount: 3 });
      let calls = 0;
      const fails = () => {
        calls += 1;
        return calls === failsAt ? "unreachable" : undefined;
      };
      for (const part of [newer.items, newer.store, newer.events]) part.spoil(fails);
      for (let round = 0; round < 3; round += 1) {
        await move(harness, newer);
        const shards = await Promise.all([0, 1, 2].map((index) => harness.items.read(index)));
        const moved = shards.filter(({ split }) => split.kind === "lending" && split.version > 1);
        for (const { phase } of moved) expect(phase).toBe("open");
      }
      expect((await harness.items.read(2)).split).toMatchObject({ kind: "lending", count: 3 });
    }
  });

  test("takes a hold along", async () => {
    const harness = createBreakerHarness();
    const older = harness.start({ shardCount: 1 });
    await beginWith(harness, older);
    const untilMs = harness.clock.nowMs() + 60_000;
    await older.permits.hold(untilMs);
    const newer = harness.start({ shardCount: 3 });
    await move(harness, newer);
    for (const index of [0, 1, 2]) expect((await harness.items.read(index)).heldUntilMs).toBe(untilMs);
    expect(await checkOut(harness, newer, "one")).toMatchObject({ kind: "shut", reason: "held" });
  });

  test("is an event, with a reason", async () => {
    const harness = createBreakerHarness();
    await beginWith(harness, harness.start({ shardCount: 1 }));
    await move(harness, harness.start({ shardCount: 2 }));
    const [event] = await harness.decisions();
    expect(event).toMatchObject({ kind: "decision", details: { inputs: { fromCount: 1, toCount: 2 } } });
    expect(event?.summary).toContain("the permits move to other shards");
  });
});

describe("with nothing to move", () => {
  test("nothing is read or written", async () => {
    const harness = createBreakerHarness();
    const one = harness.start();
    await beginWith(harness, one);
    one.items.calls.length = 0;
    await move(harness, one);
    expect([...one.items.calls, ...one.store.calls]).toEqual([]);
  });
});
