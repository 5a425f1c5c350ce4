import { quietStatus } from "@sluice/testing/quiet-status";
import { silentLog } from "@sluice/testing/silent-log";
import { silentMetrics } from "@sluice/testing/silent-metrics";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { describe, expect, test } from "vitest";
import type { Breaker } from "../breaker/breaker.ts";
import type { ReportedShard } from "../breaker/shards.ts";
import { NO_EVIDENCE, plus } from "../law/evidence.ts";
import type { BatchSample } from "../ports/metrics.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest) => reply(request, { kind: "ok", latencyMs: 12 });
const fault = (request: WorkerRequest) => reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" });

const messagesFor = (...recordIds: string[]) => recordIds.map((recordId) => messageFor(recordId));

/** A breaker that decides nothing, and keeps what it is told. */
function createListener(): { breaker: Breaker; reported: ReportedShard[] } {
  const reported: ReportedShard[] = [];
  const control = { phase: "closed", limit: 3, target: 3, epoch: 0 } as const;
  const look = async () => quietStatus(control);
  return { reported, breaker: { consider: async (one) => void reported.push(one), look, observe: look } };
}

const evidenceOf = async ({ permitItems }: VentilatorHarness) => (await permitItems.read(0)).evidence;

test.each([null, Number.NaN, -1])(
  "a throttled call whose wait is %s is throttled to the breaker, and costs no attempt",
  async (retryAfterMs) => {
    const { breaker } = createListener();
    const harness = createVentilatorHarness(
      (request) => {
        const outcome = { kind: "throttled", latencyMs: null, cause: "HTTP 429", retryAfterMs };
        return { kind: "answered", payload: { version: 1, attemptId: request.attemptId, outcome } };
      },
      { breaker },
    );
    await harness.run(messagesFor("a"));
    expect(await evidenceOf(harness)).toMatchObject({ throttledCount: 1, unavailableCount: 0 });
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  },
);

describe("votes", () => {
  test("a record that fails while others succeed votes once, over batches and attempts", async () => {
    const { breaker } = createListener();
    const harness = createVentilatorHarness(
      (request) => (request.recordId === "poison" ? fault(request) : ok(request)),
      {
        breaker,
      },
    );
    for (const good of ["a", "b", "c"]) {
      await harness.run(messagesFor("poison"));
      harness.clock.advance(10_000);
      await harness.run(messagesFor(good));
      harness.clock.advance(10_000);
    }
    expect(await evidenceOf(harness)).toMatchObject({ faultCount: 1, repeatFaultCount: 2, okCount: 3 });
  });

  test("a record that fails again in an outage votes once more, so does every other", async () => {
    const { breaker } = createListener();
    let isDown = false;
    const harness = createVentilatorHarness((request) => (isDown ? fault(request) : ok(request)), {
      breaker,
    });
    await harness.run(messagesFor("before"));
    isDown = true;
    for (let tries = 0; tries < 3; tries += 1) {
      harness.clock.advance(10_000);
      await harness.run(messagesFor("a", "b"));
    }
    expect(await evidenceOf(harness)).toMatchObject({ faultCount: 4, repeatFaultCount: 2, okCount: 1 });
  });

  test("a success in the same batch is enough to blame the record", async () => {
    const { breaker } = createListener();
    let isDown = true;
    const harness = createVentilatorHarness(
      (request) => (isDown || request.recordId === "poison" ? fault(request) : ok(request)),
      { breaker },
    );
    await harness.run(messagesFor("poison"));
    isDown = false;
    harness.clock.advance(10_000);
    await harness.run(messagesFor("good", "poison"));
    expect(await evidenceOf(harness)).toMatchObject({ faultCount: 1, repeatFaultCount: 1, okCount: 1 });
  });
});

describe("a long batch", () => {
  test("reports every few seconds, and each outcome once", async () => {
    const { breaker, reported } = createListener();
    const harness: VentilatorHarness = createVentilatorHarness(
      (request) => {
        harness.clock.advance(1_000);
        return ok(request);
      },
      { breaker },
    );
    const startedAtMs = harness.clock.nowMs();
    await harness.run(messagesFor("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    expect(reported.map(({ report }) => [report.atMs - startedAtMs, report.evidence.okCount])).toEqual([
      [3_000, 3],
      [6_000, 3],
      [9_000, 3],
      [10_000, 1],
    ]);
    expect((await evidenceOf(harness)).okCount).toBe(10);
    expect(reported.map(({ shard }) => shard.evidence.okCount)).toEqual([3, 6, 9, 10]);
  });

  test("tells bad news within half a second, and keeps its permit", async () => {
    const { breaker, reported } = createListener();
    const harness: VentilatorHarness = createVentilatorHarness(
      (request) => {
        harness.clock.advance(250);
        return request.recordId < "e" ? ok(request) : fault(request);
      },
      { breaker },
    );
    const startedAtMs = harness.clock.nowMs();
    await harness.run(messagesFor("a", "b", "c", "d", "e", "f", "g", "h"));
    expect(reported.map(({ report }) => [report.atMs - startedAtMs, report.evidence.faultCount])).toEqual([
      [1_250, 1],
      [1_750, 2],
      [2_000, 1],
    ]);
    expect(reported.map(({ shard }) => shard.leases.length)).toEqual([1, 1, 0]);
  });

  test("that can't report goes on", async () => {
    const { breaker } = createListener();
    breaker.consider = () => Promise.reject(new Error("told to fail"));
    const harness: VentilatorHarness = createVentilatorHarness(
      (request) => {
        harness.clock.advance(4_000);
        return ok(request);
      },
      { breaker },
    );
    expect(await harness.run(messagesFor("a", "b", "c"))).toEqual([]);
    expect(harness.starts).toHaveLength(3);
  });
});

describe("a governed change", () => {
  const NEXT = { phase: "closed", limit: 3, epoch: 1 } as const;

  test("what was started before the gate was refreshed counts for the old epoch, the rest for the new one", async () => {
    const { breaker, reported } = createListener();
    const harness: VentilatorHarness = createVentilatorHarness(
      async (request) => {
        harness.clock.advance(900);
        if (request.recordId === "a") await harness.permitItems.setControl(0, NEXT);
        return ok(request);
      },
      { breaker },
    );
    await harness.run(messagesFor("a", "b", "c", "d", "e"));
    // The gate is read anew before "d", 2.7 s after the check-out.
    expect(await evidenceOf(harness)).toMatchObject({ okCount: 2 });
    expect(reported.map(({ report }) => [report.epoch, report.evidence.okCount])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test("a call that is in flight while another's start refreshes the gate belongs to the old epoch", async () => {
    const { breaker } = createListener();
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const harness: VentilatorHarness = createVentilatorHarness(
      async (request) => {
        if (request.recordId === "long") await released;
        if (request.recordId === "a") {
          await harness.permitItems.setControl(0, NEXT);
          harness.clock.advance(2_100);
        }
        if (request.recordId === "b") release();
        return request.recordId === "long" ? fault(request) : ok(request);
      },
      { breaker },
    );
    await harness.run(messagesFor("long", "a", "b"), { fanOut: 2 });
    expect(harness.starts).toHaveLength(3);
    expect(await evidenceOf(harness)).toEqual(plus(NO_EVIDENCE, await evidenceOfOk()));
  });

  test("reports of an epoch that is over are not taken in", async () => {
    const { breaker, reported } = createListener();
    const harness: VentilatorHarness = createVentilatorHarness(
      async (request) => {
        await harness.permitItems.setControl(0, NEXT);
        return fault(request);
      },
      { breaker },
    );
    await harness.run(messagesFor("a"));
    expect(await evidenceOf(harness)).toEqual(NO_EVIDENCE);
    expect(reported.at(-1)?.report.epoch).toBe(0);
  });

  /** The evidence of one call of `ok`. */
  async function evidenceOfOk() {
    const harness = createVentilatorHarness(ok, { breaker: createListener().breaker });
    await harness.run(messagesFor("a"));
    return evidenceOf(harness);
  }
});

test("a batch charts how long its oldest message has waited", async () => {
  const samples: BatchSample[] = [];
  const harness = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }), {
    metrics: { ...silentMetrics, batch: (sample) => samples.push(sample) },
  });
  const sentAtMs = harness.clock.nowMs() - 90_000;
  await harness.run([messageFor("a", { sentAtMs }), messageFor("b", { sentAtMs: sentAtMs + 50_000 })]);
  await harness.run([messageFor("c")]);
  expect(samples.map(({ oldestMessageAgeMs }) => oldestMessageAgeMs)).toEqual([90_000, undefined]);
});

test("a batch charts the attempts whose worker could not begin, and says loudly why", async () => {
  const samples: BatchSample[] = [];
  const errors: unknown[] = [];
  const causes = ["throttled", "KMS", "throttled"];
  const harness = createVentilatorHarness(() => ({ kind: "refused", cause: causes.shift() ?? "" }), {
    metrics: { ...silentMetrics, batch: (sample) => samples.push(sample) },
    log: { ...silentLog, error: (message, fields) => errors.push([message, fields]) },
  });
  await harness.run(messagesFor("a", "b", "c"));
  expect(samples).toMatchObject([{ unstartedCount: 3, evidence: { unavailableCount: 3 } }]);
  expect(errors).toEqual([["workers can't begin", { unstarted: 3, records: 3, cause: "throttled" }]]);
});

test("a batch of which every worker began is not spoken of", async () => {
  const errors: unknown[] = [];
  const samples: BatchSample[] = [];
  const harness = createVentilatorHarness(() => ({ kind: "crashed", cause: "worker crashed" }), {
    metrics: { ...silentMetrics, batch: (sample) => samples.push(sample) },
    log: { ...silentLog, error: (message) => errors.push(message) },
  });
  await harness.run(messagesFor("a"));
  expect(samples).toMatchObject([{ unstartedCount: 0 }]);
  expect(errors).toEqual([]);
});

test.each([
  [99, []],
  [100, [100]],
  [999, [999]],
])(
  "of a message that is received for the %i. time the receives told are %j, also at a shut gate",
  async (receiveCount, told) => {
    const samples: BatchSample[] = [];
    const harness = createVentilatorHarness(ok, {
      metrics: { ...silentMetrics, batch: (sample) => samples.push(sample) },
    });
    await harness.permitItems.hold(0, harness.clock.nowMs() + 60_000);
    await harness.run([messageFor("a"), messageFor("b", { receiveCount })]);
    expect(samples.map((sample) => sample.receiveCount)).toEqual(told);
  },
);
