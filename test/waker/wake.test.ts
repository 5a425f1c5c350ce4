import { outcomeTotalsOf } from "@sluice/core/history";
import { NO_EVIDENCE } from "@sluice/core/law";
import { parseLease } from "@sluice/core/permits";
import { byLane } from "@sluice/core/provider";
import { latestProbeAtMs, wakerTimeoutMsOf } from "@sluice/core/waker";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { OPEN_MS, TRIP_FAULT_COUNT } from "@sluice/testing/tiny-law";
import { describe, expect, test } from "vitest";
import {
  createWakerHarness,
  FAULT,
  OK,
  PARTS,
  type Process,
  valveKeepingLaw,
  type WakerHarness,
} from "./waker-harness.ts";

const MINUTE_MS = 60_000;
const NO_MESSAGES = { visibleCount: 0, inFlightCount: 0 };
/** Longer than a round may take, so that what is under way is over. */
const LONG_MS = 10 * MINUTE_MS;

const recordsOf = ({ starts }: WakerHarness) => starts.map(({ recordId }) => recordId);

/** A harness whose breaker has just tripped; its first probe is due 30 s later. */
async function tripped(
  ...given: Parameters<typeof createWakerHarness>
): Promise<{ harness: WakerHarness; trippedAtMs: number }> {
  const harness = createWakerHarness(...given);
  await harness.trip();
  const probeAtMs = await harness.probeAtMs();
  return { harness, trippedAtMs: probeAtMs - OPEN_MS };
}

describe("with nothing to do", () => {
  test("a round writes its snapshot and nothing else, and reads what that needs", async () => {
    const harness = createWakerHarness();
    await harness.enqueue("a");
    await harness.start().round();
    await harness.pass(2 * MINUTE_MS);
    const waker = harness.start();
    await waker.round();
    const callsOf = Object.fromEntries(PARTS.map((part) => [part, waker.watched[part].calls]));
    expect(callsOf).toEqual({
      store: ["read", "readValve", "readValve"],
      orders: ["read"],
      items: ["read", "read"],
      events: [],
      fetches: [],
      records: ["depth"],
      express: ["depth"],
      recordsValve: ["read"],
      history: ["append", "putContract"],
    });
    expect(waker.gauges).toEqual([
      {
        phase: "closed",
        limit: 3,
        inFlightCount: 0,
        valve: { batchSize: 10, maximumConcurrency: 3, isEnabled: true },
        hold: "none",
        orderedHoldAgeMs: 0,
        environmentHold: "none",
        backlogCount: 1,
        troubles: [],
      },
    ]);
  });
});

describe("what a round has seen", () => {
  test("is kept, minute by minute", async () => {
    const harness = createWakerHarness();
    await harness.enqueue("a");
    await harness.lend(2, MINUTE_MS);
    const waker = harness.start();
    await waker.round();
    await harness.pass(MINUTE_MS);
    await waker.round();
    expect(await Array.fromAsync(harness.history.list(0, Number.MAX_SAFE_INTEGER))).toEqual([
      {
        atMs: NOON_MS,
        phase: "closed",
        limit: 3,
        maxConcurrency: 3,
        inFlightCount: 2,
        valve: { state: "enabled", batchSize: 10, maximumConcurrency: 3 },
        queued: { records: { visibleCount: 1, inFlightCount: 0 }, express: NO_MESSAGES },
        deadLetterCount: 0,
        outcomes: outcomeTotalsOf(NO_EVIDENCE),
      },
      expect.objectContaining({ atMs: NOON_MS + MINUTE_MS, inFlightCount: 2 }),
    ]);
    expect(waker.watched.history.calls).toEqual(["append", "putContract", "append"]);
    expect((await harness.history.contract())?.id).toBe(harness.provider.id);
  });

  test("has the opening of a mapping that was narrower than the limit, once it is known to be over too", async () => {
    const harness = createWakerHarness();
    harness.valves.records.edit({ maximumConcurrency: 1 });
    const waker = harness.start();
    await waker.round();
    const openingOf = async () => (await harness.history.latest())?.valve?.opening;
    expect(await openingOf()).toEqual({ atMs: NOON_MS + 30_000, part: 0.333 });
    await harness.pass(MINUTE_MS);
    await waker.round();
    expect(await openingOf()).toEqual({ atMs: NOON_MS + 30_000, part: 0.333 });
    expect(harness.valves.records.settings()).toMatchObject({ maximumConcurrency: 3 });
  });

  test("of an outage has outcomes of before the trip too", async () => {
    const { harness } = await tripped();
    await harness.start().round();
    expect(await harness.history.latest()).toMatchObject({
      phase: "half-open",
      outcomes: { faultCount: TRIP_FAULT_COUNT },
    });
  });

  test.each([
    ["the mapping", "recordsValve", { backlogCount: 1 }, "valve"],
    ["a queue", "records", { valve: { batchSize: 10 } }, "backlogCount"],
  ] as const)("is published without what can't be had: %s", async (_, part, published, missing) => {
    const harness = createWakerHarness();
    await harness.enqueue("a");
    const waker = harness.start();
    waker.watched[part].spoil(() => "unreachable");
    await waker.round();
    expect(waker.gauges).toMatchObject([{ phase: "closed", inFlightCount: 0, ...published }]);
    expect(waker.gauges[0]).not.toHaveProperty(missing);
  });

  test("is kept while a queue can't be asked, with the depth of before", async () => {
    const harness = createWakerHarness();
    await harness.enqueue("a");
    const waker = harness.start();
    await waker.round();
    await harness.enqueue("b");
    waker.watched.records.spoil(() => "unreachable");
    await harness.pass(MINUTE_MS);
    await waker.round();
    expect(await Array.fromAsync(harness.history.list(0, Number.MAX_SAFE_INTEGER))).toMatchObject([
      { atMs: NOON_MS, queued: { records: { visibleCount: 1 } } },
      { atMs: NOON_MS + MINUTE_MS, queued: { records: { visibleCount: 1 } } },
    ]);
  });

  test("is let go while it can't be kept: the round goes on", async () => {
    const harness = createWakerHarness();
    const waker = harness.start();
    waker.watched.history.spoil(() => "unreachable");
    await waker.round();
    expect(waker.gauges).toHaveLength(1);
    waker.watched.history.spoil(() => undefined);
    await harness.pass(MINUTE_MS);
    await waker.round();
    expect(await harness.history.contract()).toBeDefined();
  });

  test("never says the worker's own settings", async () => {
    const worker = { name: "demo", environment: { GREETING: "hello" } };
    const harness = createWakerHarness(undefined, 3, undefined, { worker });
    await harness.start().round();
    expect((await harness.history.contract())?.worker.environment).toEqual({});
  });
});

describe("a lease that can't be read", () => {
  test("counts as one until no holder can live any more, and then its permit is lent again", async () => {
    const harness = createWakerHarness(undefined, 1);
    await harness.items.add(0, [parseLease("written by another version")]);
    await harness.start().round();
    const [substitute] = (await harness.items.read(0)).leases;
    expect(substitute?.expiresAtMs).toBeGreaterThan(harness.clock.nowMs() + 14 * MINUTE_MS);
    await harness.pass(17 * MINUTE_MS);
    await harness.start().round();
    expect((await harness.items.read(0)).leases).toEqual([]);
  });
});

describe("permits of holders that died", () => {
  test("are freed when their leases have run out, and not before", async () => {
    const harness = createWakerHarness();
    await harness.lend(2, 10_000);
    const waker = harness.start();
    await harness.pass(10_000);
    await waker.round();
    expect((await harness.items.read(0)).leases).toHaveLength(2);
    expect(waker.gauges.at(-1)?.inFlightCount).toBe(2);
    await harness.pass(1);
    await waker.round();
    expect((await harness.items.read(0)).leases).toEqual([]);
    expect(waker.gauges.at(-1)?.inFlightCount).toBe(0);
  });
});

describe("while the breaker is open", () => {
  test("the valve is shut, and nothing is received before the probe is due", async () => {
    const { harness } = await tripped();
    expect(harness.valves.records.settings()?.isEnabled).toBe(false);
    await harness.enqueue("a");
    await harness.items.hold(0, harness.clock.nowMs() + 2 * MINUTE_MS);
    const waker = harness.start();
    await waker.round();
    expect(waker.watched.records.calls).toEqual(["depth"]);
    expect(harness.starts).toEqual([]);
  });

  test.each([
    ["55 s away: it is waited for", 55_000, 1],
    ["farther: the next round makes it", 55_001, 0],
  ])("a probe that is %s", async (_, awayMs, startCount) => {
    const { harness, trippedAtMs } = await tripped((request) => (request.attempt === 1 ? FAULT : OK));
    await harness.enqueue("a");
    await harness.enqueue("b");
    await harness.start().round();
    expect(harness.starts).toEqual([{ recordId: "a", atMs: trippedAtMs + OPEN_MS }]);
    // The second probe is due a minute after the first.
    await harness.pass((await harness.probeAtMs()) - harness.clock.nowMs() - awayMs);
    await harness.start().round();
    expect(harness.starts).toHaveLength(1 + startCount);
  });

  test("a timer that ends a moment early makes no probe come too early, nor fail", async () => {
    const { harness, trippedAtMs } = await tripped();
    await harness.enqueue("a");
    const { sleep } = harness.clock;
    harness.clock.sleep = (durationMs) => sleep(durationMs > 1 ? durationMs - 1 : durationMs);
    await harness.start().round();
    expect(harness.starts).toEqual([{ recordId: "a", atMs: trippedAtMs + OPEN_MS }]);
  });

  test("a probe that could not end within the round is left to the next one", async () => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    const waker = harness.start();
    void waker.wake(OPEN_MS);
    await harness.pass(OPEN_MS);
    expect(waker.watched.records.calls).toEqual(["depth"]);
    expect(waker.gauges).toMatchObject([{ phase: "open" }]);
    await waker.round();
    expect(harness.starts).toHaveLength(1);
  });

  test("a round lasts long enough for a probe that it has waited for", () => {
    const { provider } = createWakerHarness();
    const timeoutMs = wakerTimeoutMsOf(provider);
    const latestMs = latestProbeAtMs(provider, timeoutMs);
    expect(latestMs).toBeGreaterThanOrEqual(55_000);
    expect(latestMs + provider.worker.timeoutMs + provider.ventilator.marginMs).toBeLessThan(timeoutMs);
  });
});

test("a valve that was shut for a quota is opened when a deploy has taken the quota away", async () => {
  const harness = createWakerHarness();
  const waker = harness.start();
  const { control, heldUntilMs } = await waker.breaker.look();
  const quotaHeldUntilMs = byLane(() => NOON_MS + 60 * MINUTE_MS);
  await waker.reconciler.reconcile(control, { heldUntilMs, quotaHeldUntilMs, isThorough: true });
  expect(harness.valves.records.settings()?.isEnabled).toBe(false);
  await harness.pass(2_000);
  await harness.start().round();
  expect(harness.valves.records.settings()?.isEnabled).toBe(true);
});

describe("the end of a pin", () => {
  const untilMs = NOON_MS + 5 * MINUTE_MS;

  /** A waker that has told the permits of a pin. */
  async function pinned(): Promise<{ harness: WakerHarness; waker: Process }> {
    const harness = createWakerHarness();
    const waker = harness.start();
    const author = { id: "a", by: "anna", reason: "they asked for less" };
    await harness.orders.commit({ pin: { ...author, limit: 1, fromMs: NOON_MS, untilMs } }, 1, 0);
    await waker.round();
    expect(await harness.items.read(0)).toMatchObject({ limit: 1, pinnedUntilMs: untilMs, unpinnedLimit: 3 });
    return { harness, waker };
  }

  test("is waited for by the round before it, which opens the valve again", async () => {
    const { harness, waker } = await pinned();
    await harness.pass(untilMs - 40_000 - harness.clock.nowMs());
    await waker.round();
    expect(harness.clock.nowMs() - untilMs).toBeGreaterThanOrEqual(0);
    expect(harness.clock.nowMs() - untilMs).toBeLessThan(5_000);
    const shard = await harness.items.read(0);
    expect(shard.limit).toBe(3);
    expect(shard.pinnedUntilMs).toBeUndefined();
    expect(waker.watched.recordsValve.calls.at(-1)).toBe("update");
  });

  test("is left to another round if that comes before it, or if this one is over by then", async () => {
    const { harness, waker } = await pinned();
    await harness.pass(untilMs - 60_000 - harness.clock.nowMs());
    const beganAtMs = harness.clock.nowMs();
    await waker.round();
    expect(harness.clock.nowMs() - beganAtMs).toBeLessThan(5_000);
    await harness.pass(untilMs - 40_000 - harness.clock.nowMs());
    let isOver = false;
    void waker.wake(45_000).then(() => {
      isOver = true;
    });
    await harness.pass(5_000);
    expect(isOver).toBe(true);
  });
});

describe("a probe", () => {
  test("is one message and one start, and its success closes the breaker, opens the valve and deletes it", async () => {
    const { harness } = await tripped();
    for (const recordId of ["a", "b", "c"]) await harness.enqueue(recordId);
    const waker = harness.start();
    await waker.round();
    expect(recordsOf(harness)).toEqual(["a"]);
    expect(waker.watched.records.calls.filter((call) => call === "receiveOne")).toHaveLength(1);
    expect(harness.mostOut()).toBe(1);
    expect((await harness.items.read(0)).leases).toEqual([]);
    expect(await harness.state()).toMatchObject({ phase: "closed", limit: 1 });
    expect(await harness.items.read(0)).toMatchObject({ phase: "closed", limit: 1 });
    expect(harness.valves.records.settings()?.isEnabled).toBe(true);
    expect(harness.queues.records.entries.map(({ groupId }) => groupId)).toEqual(["b", "c"]);
    expect(waker.gauges).toMatchObject([{ phase: "closed", limit: 1, backlogCount: 2 }]);
  });

  test("that fails opens the breaker for longer each time, keeps the valve shut and hands its message back", async () => {
    const { harness } = await tripped(() => FAULT);
    for (const recordId of ["a", "b", "c"]) await harness.enqueue(recordId);
    const waker = harness.start();
    const waits = [];
    for (let round = 0; round < 3; round += 1) {
      await waker.round();
      const probeAtMs = await harness.probeAtMs();
      waits.push(probeAtMs - harness.clock.nowMs());
      await harness.pass(probeAtMs - harness.clock.nowMs());
    }
    expect(waits).toEqual([2 * OPEN_MS, 4 * OPEN_MS, 8 * OPEN_MS]);
    expect(harness.valves.records.settings()?.isEnabled).toBe(false);
    expect(harness.valves.records.updates).toHaveLength(1);
    expect(harness.queues.records.entries).toHaveLength(3);
    expect(harness.queues.records.changes.map(({ delayMs }) => delayMs)).toEqual([189_000, 189_000, 189_000]);
  });

  test("takes an express record first", async () => {
    const { harness } = await tripped();
    await harness.enqueue("bulk");
    await harness.enqueue("urgent", harness.queues.express);
    await harness.start().round();
    expect(recordsOf(harness)).toEqual(["urgent"]);
    expect(harness.queues.express.entries).toEqual([]);
    expect(harness.queues.records.entries).toHaveLength(1);
  });

  test("without a message: the valve opens at its minimum, and the next record to appear is the probe", async () => {
    const { harness } = await tripped();
    await harness.start().round();
    expect(harness.starts).toEqual([]);
    expect(await harness.items.read(0)).toMatchObject({ phase: "half-open", limit: 1 });
    const minimum = { isEnabled: true, batchSize: 1, maximumConcurrency: 2 };
    expect(harness.valves.records.settings()).toEqual(minimum);
    expect(harness.valves.express.settings()).toEqual(minimum);
    const waker = harness.start();
    await waker.round();
    expect(waker.watched.records.calls).toEqual(["depth"]);
    expect(waker.gauges).toMatchObject([{ phase: "half-open", backlogCount: 0 }]);
  });

  test("without a message now, but with some that wait for a retry: looks again soon, then waits for them", async () => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    const hidden = await harness.queues.records.receiveOne();
    const waker = harness.start();
    await waker.round();
    expect(waker.watched.records.calls.filter((call) => call === "receiveOne")).toHaveLength(2);
    expect(await harness.state()).toMatchObject({ phase: "half-open", awaitsRecord: true });
    expect(harness.valves.records.settings()?.isEnabled).toBe(true);
    expect(hidden).toBeDefined();
  });

  test("finds messages that were handed back until the very instant at which it is due", async () => {
    const { harness, trippedAtMs } = await tripped();
    await harness.enqueue("a");
    const receiptHandle = (await harness.queues.records.receiveOne())?.receiptHandle ?? "";
    harness.clock.at(trippedAtMs + OPEN_MS + 3_000, () => {
      void harness.queues.records.changeVisibility([{ receiptHandle, delayMs: 0 }]);
    });
    await harness.start().round();
    expect(recordsOf(harness)).toEqual(["a"]);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
  });

  test("asks a record without a fault today first, then the next; those that were not asked come back later", async () => {
    const { harness } = await tripped(({ recordId }) => (recordId === "c" ? OK : FAULT));
    for (const recordId of ["a", "b", "c"]) await harness.enqueue(recordId);
    const waker = harness.start();
    const { records } = harness.queues;
    const delays: number[][] = [];
    for (let round = 0; round < 3; round += 1) {
      const before = records.changes.length;
      await waker.round();
      const changes = records.changes.slice(before);
      delays.push(changes.map(({ delayMs }) => delayMs));
      // What was hidden is visible again by the next round, in front of the queue.
      const hidden = changes.map(({ receiptHandle }) => ({ receiptHandle, delayMs: 0 }));
      await records.changeVisibility(hidden);
      const state = await harness.state();
      if (state.phase === "open") await harness.pass(state.probeAtMs - harness.clock.nowMs());
    }
    expect(recordsOf(harness)).toEqual(["a", "b", "c"]);
    expect(delays).toEqual([[189_000], [189_000, 5 * MINUTE_MS], [0, 0]]);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
  });

  test("asks records that failed in the outage where no other is there, and gives the rest a turn each", async () => {
    const { harness } = await tripped(() => FAULT);
    const records = ["a", "b", "c"];
    for (const recordId of records) await harness.enqueue(recordId);
    const waker = harness.start();
    const show = async () => {
      const hidden = harness.queues.records.changes.map(({ receiptHandle }) => ({
        receiptHandle,
        delayMs: 0,
      }));
      await harness.queues.records.changeVisibility(hidden);
      await harness.pass((await harness.probeAtMs()) - harness.clock.nowMs());
    };
    for (const _ of records) {
      await waker.round();
      await show();
    }
    const before = harness.queues.records.changes.length;
    await waker.round();
    expect(recordsOf(harness)).toEqual(["a", "b", "c", "a"]);
    expect(await harness.state()).toMatchObject({ phase: "open", failedProbeCount: 4 });
    const delays = harness.queues.records.changes.slice(before).map(({ delayMs }) => delayMs);
    expect(delays).toEqual([189_000, MINUTE_MS, 2 * MINUTE_MS]);
    for (const recordId of records) {
      const row = await harness.rowOf(recordId);
      expect(row).toMatchObject({ attempts: 0, history: [{ outcome: "fault", isFree: true }] });
    }
  });

  test("hides what it does not ask for no longer than a few of its paces", async () => {
    const { harness } = await tripped(() => FAULT, 3, undefined, { breaker: { paceMs: 2_000 } });
    for (const recordId of ["a", "b", "c"]) await harness.enqueue(recordId);
    const waker = harness.start();
    const { records } = harness.queues;
    for (let round = 0; round < 4; round += 1) {
      await waker.round();
      await records.changeVisibility(
        records.changes.map(({ receiptHandle }) => ({ receiptHandle, delayMs: 0 })),
      );
      await harness.pass((await harness.probeAtMs()) - harness.clock.nowMs());
    }
    const delays = new Set(records.changes.map(({ delayMs }) => delayMs));
    expect([...delays].toSorted((one, other) => one - other)).toEqual([0, 6_000, 12_000, 18_900, 30_000]);
  });

  test("that fails costs its record no attempt, however often", async () => {
    const { harness } = await tripped(() => FAULT);
    await harness.enqueue("a");
    const waker = harness.start();
    for (let round = 0; round < 5; round += 1) {
      await waker.round();
      const [change] = harness.queues.records.changes.slice(-1);
      await harness.queues.records.changeVisibility([
        { receiptHandle: change?.receiptHandle ?? "", delayMs: 0 },
      ]);
      await harness.pass((await harness.probeAtMs()) - harness.clock.nowMs());
    }
    expect(harness.starts).toHaveLength(5);
    expect(harness.queues.records.entries).toHaveLength(1);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  });

  test("waits until a hold is over", async () => {
    const { harness, trippedAtMs } = await tripped();
    await harness.enqueue("a");
    const heldUntilMs = trippedAtMs + OPEN_MS + 20_000;
    await harness.items.hold(0, heldUntilMs);
    await harness.start().round();
    expect(harness.starts).toEqual([{ recordId: "a", atMs: heldUntilMs }]);
  });

  test("that a hold overtakes starts nothing, and is made again after it", async () => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    await harness.enqueue("b");
    const waker = harness.start();
    void waker.wake();
    await harness.pass(10_000);
    const heldUntilMs = harness.clock.nowMs() + MINUTE_MS;
    await harness.items.hold(0, heldUntilMs);
    await harness.pass(LONG_MS - 9 * MINUTE_MS);
    expect(harness.starts).toEqual([]);
    expect(await harness.state()).toMatchObject({ phase: "half-open", failedProbeCount: 0 });
    await waker.round();
    expect(harness.starts).toHaveLength(1);
    expect(harness.starts[0]?.atMs).toBeGreaterThanOrEqual(heldUntilMs);
  });

  test("that is throttled delays the next one by the provider's Retry-After", async () => {
    const { harness } = await tripped(() => ({
      kind: "throttled",
      latencyMs: 1,
      cause: "HTTP 429",
      retryAfterMs: 45_000,
    }));
    await harness.enqueue("a");
    await harness.enqueue("b");
    const waker = harness.start();
    await waker.round();
    const heldUntilMs = harness.clock.nowMs() + 45_000;
    await waker.round();
    expect(harness.starts[1]).toEqual({ recordId: "b", atMs: heldUntilMs });
  });

  test("finds all permits out: costs no attempt, and is made by the next round that finds one", async () => {
    const harness = createWakerHarness(() => OK, 2);
    await harness.lend(2, 2 * MINUTE_MS);
    await harness.trip();
    await harness.enqueue("a");
    const waker = harness.start();
    await waker.round();
    expect(harness.starts).toEqual([]);
    expect(await harness.state()).toMatchObject({ phase: "half-open", failedProbeCount: 0 });
    const [change] = harness.queues.records.changes;
    await harness.queues.records.changeVisibility([
      { receiptHandle: change?.receiptHandle ?? "", delayMs: 0 },
    ]);
    await harness.pass(2 * MINUTE_MS);
    await waker.round();
    expect(recordsOf(harness)).toEqual(["a"]);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
    expect(harness.mostOut()).toBe(2);
  });

  test("costs nothing where a record needs no call: it is acknowledged, and the next comer probes", async () => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    const waker = harness.start();
    await waker.round();
    await harness.trip();
    await harness.enqueue("a", harness.queues.express);
    const begunAtMs = await harness.probeAtMs();
    await waker.round();
    expect(recordsOf(harness)).toEqual(["a"]);
    expect(harness.queues.express.entries).toEqual([]);
    expect(await harness.state()).toMatchObject({ phase: "half-open" });
    expect(await harness.items.read(0)).toMatchObject({ leases: [], probeUntilMs: 0 });
    expect(harness.clock.nowMs() - begunAtMs).toBeLessThanOrEqual(4_000);
  });

  test("asks another message first where a record needs no call", async () => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    const waker = harness.start();
    await waker.round();
    await harness.trip();
    await harness.enqueue("a", harness.queues.express);
    await harness.enqueue("b");
    await waker.round();
    expect(recordsOf(harness)).toEqual(["a", "b"]);
    expect(harness.queues.express.changes).toMatchObject([{ delayMs: 0 }]);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
  });

  test("comes on top of stragglers, within X", async () => {
    const harness = createWakerHarness(() => OK, 2);
    await harness.lend(1, LONG_MS);
    await harness.trip();
    await harness.enqueue("a");
    await harness.start().round();
    expect(recordsOf(harness)).toEqual(["a"]);
    expect(harness.mostOut()).toBe(2);
  });

  test("whose worker can't be had proves nothing", async () => {
    const { harness } = await tripped(() => ({ kind: "refused", cause: "throttled" }));
    await harness.enqueue("a");
    await harness.start().round();
    expect(await harness.state()).toMatchObject({ phase: "half-open", failedProbeCount: 0 });
    expect(harness.queues.records.entries).toHaveLength(1);
  });

  test("whose message can't be deleted closes the breaker all the same", async () => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    await harness.pass(OPEN_MS);
    const waker = harness.start();
    waker.watched.records.spoil((method) => (method === "delete" ? "unreachable" : undefined));
    await waker.round();
    expect(await harness.state()).toMatchObject({ phase: "closed" });
    expect(harness.valves.records.settings()?.isEnabled).toBe(true);
  });
});

describe("behind a valve that is kept open", () => {
  test("the waker leaves probes to ventilators, and steps in when none has come: the next record probes", async () => {
    const { harness, trippedAtMs } = await tripped(() => OK, 3, valveKeepingLaw);
    await harness.enqueue("a");
    const waker = harness.start();
    await waker.round();
    expect(harness.clock.nowMs()).toBe(trippedAtMs + OPEN_MS + 4_000);
    expect(waker.watched.records.calls).toEqual(["depth"]);
    expect(await harness.items.read(0)).toMatchObject({ phase: "half-open", probeUntilMs: 0 });
    expect(harness.valves.records.settings()?.isEnabled).toBe(true);
    await waker.round();
    expect(waker.watched.records.calls).toEqual(["depth", "depth"]);
  });
});

describe("two wakers", () => {
  async function bothProbe(skewsMs: readonly number[]): Promise<WakerHarness> {
    const { harness } = await tripped(async () => {
      await harness.clock.sleep(800);
      return OK;
    });
    for (const recordId of ["a", "b", "c"]) await harness.enqueue(recordId);
    for (const skewMs of skewsMs) void harness.start({ skewMs }).wake();
    await harness.pass(MINUTE_MS);
    return harness;
  }

  test.each([
    ["at once", [0, 0]],
    ["a moment apart", [0, 5]],
    ["with clocks 2 s apart to one side and the other", [-2_000, 2_000]],
    ["and a third", [0, 1, -1]],
  ])("%s make one probe at a time", async (_, skewsMs) => {
    const harness = await bothProbe(skewsMs);
    const [first = { atMs: 0 }, ...others] = harness.starts;
    for (const { atMs } of others) expect(atMs).toBeGreaterThanOrEqual(first.atMs + 800);
    expect(harness.mostOut()).toBe(1);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
    expect(harness.queues.records.entries).toHaveLength(3 - harness.starts.length);
    expect((await harness.queues.records.depth()).inFlightCount).toBe(0);
  });

  test.each([-2_000, 2_000])(
    "a clock that is %i ms off probes that much early or late, no more",
    async (skewMs) => {
      const { harness, trippedAtMs } = await tripped();
      await harness.enqueue("a");
      await harness.start({ skewMs }).round();
      expect(harness.starts).toEqual([{ recordId: "a", atMs: trippedAtMs + OPEN_MS - skewMs }]);
      expect(await harness.state()).toMatchObject({ phase: "closed" });
    },
  );

  test("a clock that is 2 s ahead frees no permit before its holder is stopped", async () => {
    const harness = createWakerHarness();
    const stoppedInMs = 10_000;
    await harness.lend(1, stoppedInMs + 2_000);
    await harness.pass(stoppedInMs);
    await harness.start({ skewMs: 2_000 }).round();
    expect((await harness.items.read(0)).leases).toHaveLength(1);
    await harness.pass(1);
    await harness.start({ skewMs: 2_000 }).round();
    expect((await harness.items.read(0)).leases).toEqual([]);
  });
});

describe("a waker that is killed in the middle of a probe", () => {
  async function killed(maxConcurrency: number): Promise<WakerHarness> {
    let isFirst = true;
    const { harness } = await tripped(() => {
      if (!isFirst) return OK;
      isFirst = false;
      return new Promise(() => {});
    }, maxConcurrency);
    for (const recordId of ["a", "b", "c", "d", "e"]) await harness.enqueue(recordId);
    void harness.start().wake();
    await harness.pass(OPEN_MS);
    expect(await harness.state()).toMatchObject({ phase: "half-open" });
    return harness;
  }

  test("is succeeded by another after its time, not before", async () => {
    const harness = await killed(3);
    const probeUntilMs = await harness.probeUntilMs();
    expect(probeUntilMs - harness.clock.nowMs()).toBeLessThan(20_000);
    const waker = harness.start();
    await waker.round();
    expect(harness.starts).toHaveLength(1);
    await harness.pass(MINUTE_MS);
    await waker.round();
    expect(harness.starts[1]?.atMs).toBeGreaterThan(probeUntilMs);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
    expect(harness.mostOut()).toBe(1);
  });

  test("is succeeded when a hold is over that lasts longer", async () => {
    const harness = await killed(3);
    const probeUntilMs = await harness.probeUntilMs();
    await harness.items.hold(0, probeUntilMs + 20_000);
    await harness.start().round();
    expect(harness.starts[1]).toEqual({ recordId: "b", atMs: probeUntilMs + 20_000 });
  });

  test("keeps its permit until its lease is over: where X is 1, the next probe waits for it", async () => {
    const harness = await killed(1);
    const [lease] = (await harness.items.read(0)).leases;
    const leaseEndsAtMs = lease?.expiresAtMs ?? Number.NaN;
    const waker = harness.start();
    for (let rounds = 0; rounds < 5 && harness.starts.length < 2; rounds += 1) {
      await waker.round();
      await harness.pass(MINUTE_MS / 2);
    }
    expect(harness.starts[1]?.atMs).toBeGreaterThan(leaseEndsAtMs);
    expect(await harness.state()).toMatchObject({ phase: "closed" });
    expect(harness.mostOut()).toBe(1);
  });
});

describe("whatever is unreachable, a round ends without throwing, and a later one makes up for it", () => {
  test.each(PARTS)("%s", async (part) => {
    const { harness } = await tripped();
    for (const recordId of ["a", "b", "c"]) await harness.enqueue(recordId);
    const waker = harness.start();
    waker.watched[part].spoil(() => "unreachable");
    await waker.round();
    await harness.pass(MINUTE_MS);
    waker.watched[part].spoil(() => undefined);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await waker.round();
      await harness.pass(MINUTE_MS);
    }
    await expectFlowing(harness, waker);
  });

  test.each(["read", "commit"])("the store, only to %s", async (method) => {
    const { harness } = await tripped();
    await harness.enqueue("a");
    await harness.enqueue("b");
    const waker = harness.start();
    waker.watched.store.spoil((called) => (called === method ? "lost" : undefined));
    await waker.round();
    waker.watched.store.spoil(() => undefined);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await harness.pass(MINUTE_MS);
      await waker.round();
    }
    await expectFlowing(harness, waker);
  });

  async function expectFlowing(harness: WakerHarness, waker: Process): Promise<void> {
    expect(await harness.state()).toMatchObject({ phase: "closed" });
    expect(harness.valves.records.settings()?.isEnabled).toBe(true);
    expect(waker.gauges.at(-1)).toMatchObject({ phase: "closed", valve: { isEnabled: true } });
    expect(harness.mostOut()).toBeLessThanOrEqual(3);
  }
});
