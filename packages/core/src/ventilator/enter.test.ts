import { demoProvider } from "@sluice/testing/demo-provider";
import { quietStatus } from "@sluice/testing/quiet-status";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { describe, expect, test } from "vitest";
import type { Breaker } from "../breaker/breaker.ts";
import type { Observation } from "../law/law.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });
const fault = (request: WorkerRequest): Invocation =>
  reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" });

const delaysOf = ({ queue }: VentilatorHarness) => queue.changes.map(({ delayMs }) => delayMs);

/** A breaker as a test plays it: a probe that is due makes it half-open, and an answer closes it at limit 1. */
interface PlayedHarness extends VentilatorHarness {
  readonly observed: readonly Observation[];
  trip(probeInMs?: number): Promise<void>;
  halfOpen(): Promise<void>;
}

function createPlayedHarness(
  worker: (request: WorkerRequest) => Invocation | Promise<Invocation>,
  options: { isDeaf?: boolean; paceMs?: number } = {},
): PlayedHarness {
  const observed: Observation[] = [];
  let epoch = 0;
  const control = { phase: "closed", limit: 1, target: 1, epoch: 0 } as const;
  const look = async () => quietStatus(control);
  const govern = (phase: "closed" | "open" | "half-open", probeAtMs?: number) => {
    epoch += 1;
    const due = probeAtMs === undefined ? {} : { probeAtMs };
    return harness.permitItems.setControl(0, { phase, limit: 1, epoch, ...due });
  };
  const breaker: Breaker = {
    look,
    async consider({ shard }) {
      if (shard.phase === "half-open" && shard.evidence.okCount > 0) await govern("closed");
    },
    async observe(observation) {
      observed.push(observation);
      if (!options.isDeaf) await govern("half-open");
      return "lost";
    },
  };
  const { paceMs = demoProvider().breaker.paceMs } = options;
  const provider = { ...demoProvider(), breaker: { paceMs } };
  const harness = createVentilatorHarness(worker, { breaker, provider });
  return {
    ...harness,
    observed,
    trip: (probeInMs) =>
      govern("open", probeInMs === undefined ? undefined : harness.clock.nowMs() + probeInMs),
    halfOpen: () => govern("half-open"),
  };
}

/** The window in which a batch may wait and still start a call: the ventilator's time without a call's. */
function windowMsOf({ deps: { provider } }: VentilatorHarness): number {
  return provider.ventilator.timeoutMs - provider.worker.timeoutMs - provider.ventilator.marginMs;
}

describe("while all permits are out", () => {
  /** A ventilator whose permits are out for a while, with the instants at which they are asked for. */
  async function createBusyHarness(outForMs: number) {
    const harness = createPlayedHarness(ok);
    const startMs = harness.clock.nowMs();
    const askedAtMs: number[] = [];
    const { checkOut } = harness.deps.permits;
    const checkOutLater: typeof checkOut = async (request) => {
      const sinceMs = harness.clock.nowMs() - startMs;
      askedAtMs.push(sinceMs);
      return sinceMs < outForMs ? { kind: "full" } : checkOut(request);
    };
    Object.assign(harness.deps.permits, { checkOut: checkOutLater });
    return { harness, askedAtMs };
  }

  test("a batch waits for one, and starts", async () => {
    const { harness } = await createBusyHarness(17_000);
    expect(await harness.run([messageFor("a")])).toEqual([]);
    expect(harness.starts).toHaveLength(1);
  });

  test("it is handed back after twenty seconds", async () => {
    const { harness, askedAtMs } = await createBusyHarness(60_000);
    expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
    expect(harness.starts).toEqual([]);
    expect(askedAtMs.at(-1)).toBeGreaterThan(17_000);
    expect(askedAtMs.at(-1)).toBeLessThanOrEqual(20_000);
  });

  test("one that a user waits for asks each tenth of a second, another one every second or two", async () => {
    const longestPauseMs = async (isUrgent: boolean) => {
      const { harness, askedAtMs } = await createBusyHarness(10_000);
      await harness.run([messageFor("a")], { isUrgent });
      return Math.max(...askedAtMs.slice(1).map((atMs, index) => atMs - (askedAtMs[index] ?? 0)));
    };
    expect(await longestPauseMs(true)).toBeLessThanOrEqual(150);
    expect(await longestPauseMs(false)).toBeGreaterThan(1_000);
    expect(await longestPauseMs(false)).toBeLessThanOrEqual(2_400);
  });
});

describe("at a gate that is shut by a hold", () => {
  test("a batch waits for its end if a call would still fit, and starts then", async () => {
    const harness = createPlayedHarness(ok);
    const startMs = harness.clock.nowMs();
    await harness.permitItems.hold(0, startMs + 12_000);
    expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual([]);
    const waitedMs = harness.clock.nowMs() - startMs;
    expect(waitedMs).toBeGreaterThanOrEqual(12_000);
    expect(waitedMs).toBeLessThan(13_000);
  });

  test("a batch that can't outwait it holds its messages as long as it may, and hands them back for its end", async () => {
    const harness = createPlayedHarness(ok);
    const startMs = harness.clock.nowMs();
    await harness.permitItems.hold(0, startMs + 60_000);
    expect(await harness.run([messageFor("a"), messageFor("b")])).toHaveLength(2);
    expect(harness.starts).toEqual([]);
    const waitedMs = harness.clock.nowMs() - startMs;
    expect(waitedMs).toBe(windowMsOf(harness));
    expect(delaysOf(harness)).toEqual([61_500 - waitedMs, 61_500 - waitedMs]);
  });

  test("a batch whose time is over just as the hold ends hands its messages back for the same moment", async () => {
    const harness = createPlayedHarness(ok);
    await harness.permitItems.hold(0, harness.clock.nowMs() + windowMsOf(harness) - 100);
    expect(await harness.run([messageFor("a"), messageFor("b")])).toHaveLength(2);
    for (const delayMs of delaysOf(harness)) expect(delayMs).toBeLessThanOrEqual(3_000);
  });

  test("what an operator's keeps back comes again after two minutes, though its end is hours away", async () => {
    const harness: PlayedHarness = createPlayedHarness(async (request) => {
      const untilMs = harness.clock.nowMs() + 4 * 3_600_000;
      await harness.permitItems.setOrderedHold(0, { version: 1, fromMs: 0, untilMs });
      harness.clock.advance(10_000);
      return ok(request);
    });
    expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual(["message-b"]);
    expect(await harness.run([messageFor("b")])).toEqual(["message-b"]);
    expect(delaysOf(harness)).toHaveLength(2);
    for (const delayMs of delaysOf(harness)) expect(delayMs).toBeLessThanOrEqual(123_000);
  });

  test("the rest of a batch that it stops waits for its end too, without a permit", async () => {
    const leaseCounts: number[] = [];
    const harness = createPlayedHarness((request) =>
      request.recordId === "a"
        ? reply(request, { kind: "throttled", latencyMs: 1, cause: "HTTP 429", retryAfterMs: 10_000 })
        : ok(request),
    );
    const { sleep } = harness.clock;
    harness.clock.sleep = async (durationMs, signal) => {
      // A sleep with a signal limits a call beside it: nobody waits in it.
      if (signal === undefined) leaseCounts.push((await harness.permitItems.read(0)).leases.length);
      await sleep(durationMs, signal);
    };
    expect(await harness.run([messageFor("a"), messageFor("b"), messageFor("c")])).toEqual(["message-a"]);
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["a", "b", "c"]);
    expect(leaseCounts.every((count) => count === 0)).toBe(true);
    expect(leaseCounts.length).toBeGreaterThan(1);
  });

  test("it is read every few seconds, and not written to", async () => {
    const harness = createPlayedHarness(ok);
    let takes = 0;
    const { take } = harness.permitItems;
    harness.permitItems.take = (request) => {
      takes += 1;
      return take(request);
    };
    await harness.permitItems.hold(0, harness.clock.nowMs() + 60_000);
    await harness.run([messageFor("a")]);
    expect(takes).toBe(1);
  });
});

describe("at a gate that is tripped", () => {
  test("a batch comes back when the next probe is due, and not before", async () => {
    const harness = createPlayedHarness(ok);
    await harness.trip(80_000);
    const startMs = harness.clock.nowMs();
    expect(await harness.run([messageFor("a")])).toHaveLength(1);
    expect(delaysOf(harness)).toEqual([81_500 - (harness.clock.nowMs() - startMs)]);
    expect(harness.observed).toEqual([]);
  });

  test("and does not say when it is probed, a batch waits for its time and comes back after some seconds", async () => {
    const harness = createPlayedHarness(ok);
    await harness.trip();
    const startMs = harness.clock.nowMs();
    expect(await harness.run([messageFor("a")])).toHaveLength(1);
    expect(harness.clock.nowMs() - startMs).toBe(windowMsOf(harness));
    expect(delaysOf(harness)).toEqual([22_500]);
    expect(harness.observed).toEqual([]);
  });

  test("a batch probes when it is due, with one record, and works on once the breaker is closed", async () => {
    const harness = createPlayedHarness(ok);
    await harness.trip(10_000);
    const startMs = harness.clock.nowMs();
    expect(await harness.run([messageFor("a"), messageFor("b")])).toEqual([]);
    expect(harness.observed).toEqual([{ kind: "probe-due", hasRecord: true }]);
    expect(harness.clock.nowMs() - startMs).toBeGreaterThanOrEqual(10_000);
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["a", "b"]);
    expect(await harness.permitItems.read(0)).toMatchObject({ phase: "closed", leases: [], probeUntilMs: 0 });
  });

  test("a law that refuses is asked again only now and then", async () => {
    const harness = createPlayedHarness(ok, { isDeaf: true });
    await harness.trip(0);
    await harness.run([messageFor("a")]);
    expect(harness.starts).toEqual([]);
    expect(harness.observed.length).toBeLessThanOrEqual(Math.ceil(windowMsOf(harness) / 2_000));
  });
});

describe("half-open", () => {
  test("one probe is under way at a time: another batch waits, and probes after a probe that says nothing", async () => {
    const harness = createPlayedHarness(fault);
    await harness.halfOpen();
    const probe = await harness.deps.permits.checkOutProbe({
      holderId: "other",
      nowMs: harness.clock.nowMs(),
      leaseUntilMs: harness.clock.nowMs() + 9_000,
    });
    expect(probe.kind).toBe("granted");
    const startMs = harness.clock.nowMs();
    await harness.run([messageFor("a")]);
    expect(harness.starts).toHaveLength(1);
    expect(harness.clock.nowMs() - startMs).toBeGreaterThan(9_000);
  });

  test("the permit passes on when a probe has said nothing, and is kept while a call's fate is unknown", async () => {
    const harness = createPlayedHarness(({ recordId }) =>
      recordId === "lost"
        ? { kind: "lost", cause: "connection reset" }
        : { kind: "refused", cause: "throttled" },
    );
    await harness.halfOpen();
    await harness.run([messageFor("a")]);
    expect(await harness.permitItems.read(0)).toMatchObject({ leases: [], probeUntilMs: 0 });
    await harness.run([messageFor("lost")]);
    const { leases, probeUntilMs } = await harness.permitItems.read(0);
    expect(leases).toHaveLength(1);
    expect(probeUntilMs).toBe(leases[0]?.expiresAtMs);
  });

  test("of a batch the record without a fault today is asked, and a batch without one stands back", async () => {
    const harness = createPlayedHarness(fault);
    await harness.halfOpen();
    await harness.run([messageFor("a")]);
    await harness.run([messageFor("a"), messageFor("b")]);
    expect(harness.starts.slice(0, 2).map(({ recordId }) => recordId)).toEqual(["a", "b"]);
    await harness.halfOpen();
    const startMs = harness.clock.nowMs();
    await harness.run([messageFor("b")]);
    expect(harness.clock.nowMs() - startMs).toBe(3_000);
  });
});

describe("a fault in a probe", () => {
  /** Lets somebody else's call succeed, so that a fault before it is the record's own. */
  const succeed = async (harness: VentilatorHarness) => {
    harness.clock.advance(1_000);
    const { epoch } = await harness.permitItems.read(0);
    await harness.permitItems.report(0, { epoch, evidence: { okCount: 1 }, atMs: harness.clock.nowMs() });
    harness.clock.advance(1_000);
  };

  async function probeTimes(harness: PlayedHarness, times: number, succeedBetween: boolean): Promise<void> {
    for (let index = 0; index < times; index += 1) {
      await harness.halfOpen();
      await harness.run([messageFor("a")]);
      if (succeedBetween) await succeed(harness);
    }
  }

  test("is free while the outage lasts, noted once, and comes back after others had their turn", async () => {
    const harness = createPlayedHarness(fault);
    await probeTimes(harness, 20, false);
    expect(harness.starts).toHaveLength(20);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
    expect((await harness.rowOf("a"))?.history).toMatchObject([{ outcome: "fault", isFree: true }]);
    expect(Math.min(...delaysOf(harness))).toBeGreaterThan(3 * 60_000);
    expect(harness.deadLetters.entries).toEqual([]);
  });

  test.each([
    [2_000, 18_000],
    [20_000, 180_000],
    [600_000, 180_000],
  ])("brings its record back after nine paces of %s ms, or three minutes", async (paceMs, againMs) => {
    const harness = createPlayedHarness(fault, { paceMs });
    await probeTimes(harness, 1, false);
    const [delayMs = 0] = delaysOf(harness);
    expect(delayMs).toBeGreaterThanOrEqual(againMs);
    expect(delayMs).toBeLessThan(1.1 * againMs);
  });

  test("of a record that failed twice at an open gate while others succeeded is an attempt: it dies rather than being asked for ever", async () => {
    const harness = createPlayedHarness(fault);
    for (const attempts of [1, 2]) {
      await harness.run([messageFor("a")]);
      await succeed(harness);
      expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts });
    }
    await probeTimes(harness, 1, true);
    expect(await harness.rowOf("a")).toMatchObject({ status: "dead", attempts: 3 });
    expect(harness.deadLetters.entries).toHaveLength(1);
  });

  test("of one that failed in probes alone is free, whoever succeeds between them, and its row doesn't grow", async () => {
    const harness = createPlayedHarness(fault);
    await probeTimes(harness, 20, true);
    expect(harness.starts).toHaveLength(20);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0, history: { length: 2 } });
    expect(harness.deadLetters.entries).toEqual([]);
  });

  test("speaks of the provider unless the record failed before while others succeeded", async () => {
    const harness = createPlayedHarness(fault);
    const evidence = async () => (await harness.permitItems.read(0)).evidence;
    await probeTimes(harness, 1, false);
    expect(await evidence()).toMatchObject({ faultCount: 1, repeatFaultCount: 0 });
    await probeTimes(harness, 1, false);
    expect(await evidence()).toMatchObject({ faultCount: 1, repeatFaultCount: 0 });
    await succeed(harness);
    await probeTimes(harness, 1, false);
    expect(await evidence()).toMatchObject({ faultCount: 0, repeatFaultCount: 1 });
  });

  test("that is a crash of the worker is free as well", async () => {
    const harness = createPlayedHarness(() => ({ kind: "crashed", cause: "out of memory" }));
    await probeTimes(harness, 5, false);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0, history: [] });
  });
});

test("workers that can't begin open the breaker within a batch, at no cost to any record", async () => {
  const harness = createVentilatorHarness(() => {
    harness.clock.advance(100);
    return { kind: "refused", cause: "throttled" };
  });
  const messages = Array.from({ length: 40 }, (_, index) => messageFor(`record-${index}`));
  await harness.run(messages);
  expect(harness.starts.length).toBeLessThan(40);
  expect(await harness.permitItems.read(0)).toMatchObject({ phase: "open", probeAtMs: expect.any(Number) });
  expect(await harness.rowOf("record-0")).toMatchObject({ attempts: 0 });
});
