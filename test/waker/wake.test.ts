import { latestProbeAtMs, wakerTimeoutMsOf } from "@sluice/core/waker/waker-times";
import { describe, expect, test } from "vitest";
import { MISSED_MS, OPEN_MS } from "../support/tiny-law.ts";
import { createRig, FAULT, OK, PARTS, type Process, type Rig } from "./rig.ts";

const MINUTE_MS = 60_000;
/** Longer than a round may take, so that what is under way is over. */
const LONG_MS = 10 * MINUTE_MS;

const recordsOf = ({ starts }: Rig) => starts.map(({ recordId }) => recordId);

/** A rig whose breaker has just tripped; its first probe is due 30 s later. */
async function tripped(...given: Parameters<typeof createRig>): Promise<{ rig: Rig; trippedAtMs: number }> {
  const rig = createRig(...given);
  await rig.trip();
  const { probeAtMs = 0 } = await rig.state();
  return { rig, trippedAtMs: probeAtMs - OPEN_MS };
}

describe("with nothing to do", () => {
  test("a round writes nothing, and reads what the gauges need", async () => {
    const rig = createRig();
    await rig.enqueue("a");
    await rig.start().round();
    await rig.pass(2 * MINUTE_MS);
    const waker = rig.start();
    await waker.round();
    const callsOf = Object.fromEntries(PARTS.map((part) => [part, waker.watched[part].calls]));
    expect(callsOf).toEqual({
      store: ["read", "readValve", "readValve"],
      items: ["read", "read"],
      events: [],
      fetches: [],
      records: ["depth"],
      express: ["depth"],
      recordsValve: ["read", "read"],
    });
    expect(waker.gauges).toEqual([
      {
        phase: "closed",
        limit: 3,
        inFlightCount: 0,
        batchSize: 10,
        maximumConcurrency: 3,
        isValveEnabled: true,
        isHeld: false,
        backlogCount: 1,
      },
    ]);
  });
});

describe("permits of holders that died", () => {
  test("are freed when their leases have run out, and not before", async () => {
    const rig = createRig();
    await rig.lend(2, 10_000);
    const waker = rig.start();
    await rig.pass(10_000);
    await waker.round();
    expect((await rig.items.read(0)).leases).toHaveLength(2);
    expect(waker.gauges.at(-1)?.inFlightCount).toBe(2);
    await rig.pass(1);
    await waker.round();
    expect((await rig.items.read(0)).leases).toEqual([]);
    expect(waker.gauges.at(-1)?.inFlightCount).toBe(0);
  });
});

describe("while the breaker is open", () => {
  test("the valve is shut, and nothing is received before the probe is due", async () => {
    const { rig } = await tripped();
    expect(rig.valves.records.settings()?.isEnabled).toBe(false);
    await rig.enqueue("a");
    await rig.items.hold(0, rig.clock.nowMs() + 2 * MINUTE_MS);
    const waker = rig.start();
    await waker.round();
    expect(waker.watched.records.calls).toEqual(["depth"]);
    expect(rig.starts).toEqual([]);
  });

  test.each([
    ["55 s away: it is waited for", 55_000, 1],
    ["farther: the next round makes it", 55_001, 0],
  ])("a probe that is %s", async (_, awayMs, startCount) => {
    const { rig, trippedAtMs } = await tripped((request) => (request.attempt === 1 ? FAULT : OK));
    await rig.enqueue("a");
    await rig.enqueue("b");
    await rig.start().round();
    expect(rig.starts).toEqual([{ recordId: "a", atMs: trippedAtMs + OPEN_MS }]);
    // The second probe is due a minute after the first.
    await rig.pass(((await rig.state()).probeAtMs ?? 0) - rig.clock.nowMs() - awayMs);
    await rig.start().round();
    expect(rig.starts).toHaveLength(1 + startCount);
  });

  test("a timer that ends a moment early makes no probe come too early, nor fail", async () => {
    const { rig, trippedAtMs } = await tripped();
    await rig.enqueue("a");
    const { sleep } = rig.clock;
    rig.clock.sleep = (durationMs) => sleep(durationMs > 1 ? durationMs - 1 : durationMs);
    await rig.start().round();
    expect(rig.starts).toEqual([{ recordId: "a", atMs: trippedAtMs + OPEN_MS }]);
  });

  test("a probe that could not end within the round is left to the next one", async () => {
    const { rig } = await tripped();
    await rig.enqueue("a");
    const waker = rig.start();
    void waker.wake(OPEN_MS);
    await rig.pass(OPEN_MS);
    expect(waker.watched.records.calls).toEqual(["depth"]);
    expect(waker.gauges).toMatchObject([{ phase: "open" }]);
    await waker.round();
    expect(rig.starts).toHaveLength(1);
  });

  test("a round lasts long enough for a probe that it has waited for", () => {
    const { provider } = createRig();
    const timeoutMs = wakerTimeoutMsOf(provider);
    const latestMs = latestProbeAtMs(provider, timeoutMs);
    expect(latestMs).toBeGreaterThanOrEqual(55_000);
    expect(latestMs + provider.worker.timeoutMs + provider.ventilator.marginMs).toBeLessThan(timeoutMs);
  });
});

describe("a probe", () => {
  test("is one message and one start, and its success closes the breaker, opens the valve and deletes it", async () => {
    const { rig } = await tripped();
    for (const recordId of ["a", "b", "c"]) await rig.enqueue(recordId);
    const waker = rig.start();
    await waker.round();
    expect(recordsOf(rig)).toEqual(["a"]);
    expect(waker.watched.records.calls.filter((call) => call === "receiveOne")).toHaveLength(1);
    expect(rig.mostOut()).toBe(1);
    expect((await rig.items.read(0)).leases).toEqual([]);
    expect(await rig.state()).toMatchObject({ phase: "closed", limit: 1 });
    expect(await rig.items.read(0)).toMatchObject({ phase: "closed", limit: 1 });
    expect(rig.valves.records.settings()?.isEnabled).toBe(true);
    expect(rig.queues.records.entries.map(({ groupId }) => groupId)).toEqual(["b", "c"]);
    expect(waker.gauges).toMatchObject([{ phase: "closed", limit: 1, backlogCount: 2 }]);
  });

  test("that fails opens the breaker for longer each time, keeps the valve shut and hands its message back", async () => {
    const { rig } = await tripped(() => FAULT);
    for (const recordId of ["a", "b", "c"]) await rig.enqueue(recordId);
    const waker = rig.start();
    const waits = [];
    for (let round = 0; round < 3; round += 1) {
      await waker.round();
      const { phase, probeAtMs = 0 } = await rig.state();
      expect(phase).toBe("open");
      waits.push(probeAtMs - rig.clock.nowMs());
      await rig.pass(probeAtMs - rig.clock.nowMs());
    }
    expect(waits).toEqual([2 * OPEN_MS, 4 * OPEN_MS, 8 * OPEN_MS]);
    expect(rig.valves.records.settings()?.isEnabled).toBe(false);
    expect(rig.valves.records.updates).toHaveLength(1);
    expect(rig.queues.records.entries).toHaveLength(3);
    expect(rig.queues.records.changes.map(({ delayMs }) => delayMs)).toEqual([3_000, 3_000, 3_000]);
  });

  test("takes an express record first", async () => {
    const { rig } = await tripped();
    await rig.enqueue("bulk");
    await rig.enqueue("urgent", rig.queues.express);
    await rig.start().round();
    expect(recordsOf(rig)).toEqual(["urgent"]);
    expect(rig.queues.express.entries).toEqual([]);
    expect(rig.queues.records.entries).toHaveLength(1);
  });

  test("without a message: the breaker closes at 1, the valve opens, and the next arrival is the probe", async () => {
    const { rig } = await tripped();
    await rig.start().round();
    expect(rig.starts).toEqual([]);
    expect(await rig.items.read(0)).toMatchObject({ phase: "closed", limit: 1 });
    expect(rig.valves.records.settings()).toMatchObject({ isEnabled: true, maximumConcurrency: 2 });
  });

  test("without a message now, but with some that wait for a retry: it waits for them, and stays open", async () => {
    const { rig } = await tripped();
    await rig.enqueue("a");
    const hidden = await rig.queues.records.receiveOne();
    const waker = rig.start();
    await waker.round();
    expect(await rig.state()).toMatchObject({ phase: "open" });
    expect(rig.valves.records.settings()?.isEnabled).toBe(false);
    const receiptHandle = hidden?.receiptHandle ?? "";
    await rig.queues.records.changeVisibility([{ receiptHandle, delayMs: 0 }]);
    await waker.round();
    expect(recordsOf(rig)).toEqual(["a"]);
    expect(await rig.state()).toMatchObject({ phase: "closed" });
  });

  test("that fails costs its record no attempt, however often", async () => {
    const { rig } = await tripped(() => FAULT);
    await rig.enqueue("a");
    const waker = rig.start();
    for (let round = 0; round < 5; round += 1) {
      await waker.round();
      const [change] = rig.queues.records.changes.slice(-1);
      await rig.queues.records.changeVisibility([{ receiptHandle: change?.receiptHandle ?? "", delayMs: 0 }]);
      await rig.pass(((await rig.state()).probeAtMs ?? 0) - rig.clock.nowMs());
    }
    expect(rig.starts).toHaveLength(5);
    expect(rig.queues.records.entries).toHaveLength(1);
    expect(await rig.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  });

  test("waits until a hold is over", async () => {
    const { rig, trippedAtMs } = await tripped();
    await rig.enqueue("a");
    const heldUntilMs = trippedAtMs + OPEN_MS + 20_000;
    await rig.items.hold(0, heldUntilMs);
    await rig.start().round();
    expect(rig.starts).toEqual([{ recordId: "a", atMs: heldUntilMs }]);
  });

  test("that a hold overtakes starts nothing, and is made again after it", async () => {
    const { rig } = await tripped();
    await rig.enqueue("a");
    await rig.enqueue("b");
    const waker = rig.start();
    void waker.wake();
    await rig.pass(10_000);
    const heldUntilMs = rig.clock.nowMs() + MINUTE_MS;
    await rig.items.hold(0, heldUntilMs);
    await rig.pass(LONG_MS - 9 * MINUTE_MS);
    expect(rig.starts).toEqual([]);
    expect(await rig.state()).toMatchObject({ phase: "open", failedProbeCount: 0 });
    expect(rig.queues.records.changes).toHaveLength(1);
    await waker.round();
    expect(rig.starts).toHaveLength(1);
    expect(rig.starts[0]?.atMs).toBeGreaterThanOrEqual(heldUntilMs);
  });

  test("that is throttled delays the next one by the provider's Retry-After", async () => {
    const { rig } = await tripped(() => ({
      kind: "throttled",
      latencyMs: 1,
      cause: "HTTP 429",
      retryAfterMs: 45_000,
    }));
    await rig.enqueue("a");
    await rig.enqueue("b");
    const waker = rig.start();
    await waker.round();
    const heldUntilMs = rig.clock.nowMs() + 45_000;
    await waker.round();
    expect(rig.starts[1]).toEqual({ recordId: "b", atMs: heldUntilMs });
  });

  test("finds all permits out: it is missed, costs no attempt, and is made again", async () => {
    const rig = createRig(() => OK, 2);
    await rig.lend(2, 2 * MINUTE_MS);
    await rig.trip();
    await rig.enqueue("a");
    const waker = rig.start();
    await waker.round();
    expect(rig.starts).toEqual([]);
    expect(await rig.state()).toMatchObject({ phase: "open", failedProbeCount: 0 });
    expect((await rig.state()).probeAtMs).toBe(rig.clock.nowMs() + MISSED_MS);
    const [change] = rig.queues.records.changes;
    await rig.queues.records.changeVisibility([{ receiptHandle: change?.receiptHandle ?? "", delayMs: 0 }]);
    await rig.pass(2 * MINUTE_MS);
    await waker.round();
    expect(recordsOf(rig)).toEqual(["a"]);
    expect(await rig.state()).toMatchObject({ phase: "closed" });
    expect(rig.mostOut()).toBe(2);
  });

  test("goes on to the next message where a record needs no call", async () => {
    const { rig } = await tripped();
    await rig.enqueue("a");
    const waker = rig.start();
    await waker.round();
    await rig.trip();
    await rig.enqueue("a", rig.queues.express);
    await rig.enqueue("b");
    await waker.round();
    expect(recordsOf(rig)).toEqual(["a", "b"]);
    expect(rig.queues.express.entries).toEqual([]);
    expect(await rig.state()).toMatchObject({ phase: "closed" });
  });

  test("comes on top of stragglers, within X", async () => {
    const rig = createRig(() => OK, 2);
    await rig.lend(1, LONG_MS);
    await rig.trip();
    await rig.enqueue("a");
    await rig.start().round();
    expect(recordsOf(rig)).toEqual(["a"]);
    expect(rig.mostOut()).toBe(2);
  });

  test("whose worker can't be had proves nothing", async () => {
    const { rig } = await tripped(() => ({ kind: "refused", cause: "throttled" }));
    await rig.enqueue("a");
    await rig.start().round();
    expect(await rig.state()).toMatchObject({ phase: "open", failedProbeCount: 0 });
    expect(rig.queues.records.entries).toHaveLength(1);
  });

  test("whose message can't be deleted closes the breaker all the same", async () => {
    const { rig } = await tripped();
    await rig.enqueue("a");
    await rig.pass(OPEN_MS);
    const waker = rig.start();
    waker.watched.records.spoil((method) => (method === "delete" ? "unreachable" : undefined));
    await waker.round();
    expect(await rig.state()).toMatchObject({ phase: "closed" });
    expect(rig.valves.records.settings()?.isEnabled).toBe(true);
  });
});

describe("two wakers", () => {
  async function bothProbe(skewsMs: readonly number[]): Promise<Rig> {
    const { rig } = await tripped(async () => {
      await rig.clock.sleep(800);
      return OK;
    });
    for (const recordId of ["a", "b", "c"]) await rig.enqueue(recordId);
    for (const skewMs of skewsMs) void rig.start({ skewMs }).wake();
    await rig.pass(MINUTE_MS);
    return rig;
  }

  test.each([
    ["at once", [0, 0]],
    ["a moment apart", [0, 5]],
    ["with clocks 2 s apart to one side and the other", [-2_000, 2_000]],
    ["and a third", [0, 1, -1]],
  ])("%s start one probe", async (_, skewsMs) => {
    const rig = await bothProbe(skewsMs);
    expect(rig.starts).toHaveLength(1);
    expect(await rig.state()).toMatchObject({ phase: "closed" });
    expect(rig.queues.records.entries).toHaveLength(2);
    expect((await rig.queues.records.depth()).inFlightCount).toBe(0);
  });

  test.each([-2_000, 2_000])(
    "a clock that is %i ms off probes that much early or late, no more",
    async (skewMs) => {
      const { rig, trippedAtMs } = await tripped();
      await rig.enqueue("a");
      await rig.start({ skewMs }).round();
      expect(rig.starts).toEqual([{ recordId: "a", atMs: trippedAtMs + OPEN_MS - skewMs }]);
      expect(await rig.state()).toMatchObject({ phase: "closed" });
    },
  );

  test("a clock that is 2 s ahead frees no permit before its holder is stopped", async () => {
    const rig = createRig();
    const stoppedInMs = 10_000;
    await rig.lend(1, stoppedInMs + 2_000);
    await rig.pass(stoppedInMs);
    await rig.start({ skewMs: 2_000 }).round();
    expect((await rig.items.read(0)).leases).toHaveLength(1);
    await rig.pass(1);
    await rig.start({ skewMs: 2_000 }).round();
    expect((await rig.items.read(0)).leases).toEqual([]);
  });
});

describe("a waker that is killed in the middle of a probe", () => {
  async function killed(maxConcurrency: number): Promise<Rig> {
    let isFirst = true;
    const { rig } = await tripped(() => {
      if (!isFirst) return OK;
      isFirst = false;
      return new Promise(() => {});
    }, maxConcurrency);
    for (const recordId of ["a", "b", "c", "d", "e"]) await rig.enqueue(recordId);
    void rig.start().wake();
    await rig.pass(OPEN_MS);
    expect(await rig.state()).toMatchObject({ phase: "half-open" });
    return rig;
  }

  test("is succeeded by another after its time, not before", async () => {
    const rig = await killed(3);
    const { probeUntilMs = 0 } = await rig.state();
    await rig.start().round();
    expect(rig.starts[1]).toEqual({ recordId: "b", atMs: probeUntilMs });
    expect(await rig.state()).toMatchObject({ phase: "closed" });
    expect(rig.mostOut()).toBe(2);
  });

  test("is succeeded when a hold is over that lasts longer", async () => {
    const rig = await killed(3);
    const { probeUntilMs = 0 } = await rig.state();
    await rig.items.hold(0, probeUntilMs + 20_000);
    await rig.start().round();
    expect(rig.starts[1]).toEqual({ recordId: "b", atMs: probeUntilMs + 20_000 });
  });

  test("keeps its permit until its lease is over: where X is 1, the next probe waits for it", async () => {
    const rig = await killed(1);
    const [lease = ""] = (await rig.items.read(0)).leases;
    const leaseEndsAtMs = Number(lease.split("-").at(-1));
    const waker = rig.start();
    for (let rounds = 0; rounds < 5 && rig.starts.length < 2; rounds += 1) {
      await waker.round();
      await rig.pass(MINUTE_MS / 2);
    }
    expect(rig.starts[1]?.atMs).toBeGreaterThan(leaseEndsAtMs);
    expect(await rig.state()).toMatchObject({ phase: "closed" });
    expect(rig.mostOut()).toBe(1);
  });
});

describe("whatever is unreachable, a round ends without throwing, and a later one makes up for it", () => {
  test.each(PARTS)("%s", async (part) => {
    const { rig } = await tripped();
    for (const recordId of ["a", "b", "c"]) await rig.enqueue(recordId);
    const waker = rig.start();
    waker.watched[part].spoil(() => "unreachable");
    await waker.round();
    await rig.pass(MINUTE_MS);
    waker.watched[part].spoil(() => undefined);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await waker.round();
      await rig.pass(MINUTE_MS);
    }
    await expectFlowing(rig, waker);
  });

  test.each(["read", "commit"])("the store, only to %s", async (method) => {
    const { rig } = await tripped();
    await rig.enqueue("a");
    await rig.enqueue("b");
    const waker = rig.start();
    waker.watched.store.spoil((called) => (called === method ? "lost" : undefined));
    await waker.round();
    waker.watched.store.spoil(() => undefined);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await rig.pass(MINUTE_MS);
      await waker.round();
    }
    await expectFlowing(rig, waker);
  });

  async function expectFlowing(rig: Rig, waker: Process): Promise<void> {
    expect(await rig.state()).toMatchObject({ phase: "closed" });
    expect(rig.valves.records.settings()?.isEnabled).toBe(true);
    expect(waker.gauges.at(-1)).toMatchObject({ phase: "closed", isValveEnabled: true });
    expect(rig.mostOut()).toBeLessThanOrEqual(3);
  }
});
