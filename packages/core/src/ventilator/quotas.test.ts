import { demoProvider } from "@sluice/testing/demo-provider";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { describe, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { QuotaStore } from "../ports/quota-store.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { NOTHING_RESERVED } from "../steering/quotas/quota-steps.ts";
import { createMemoryQuotaStore } from "../storage/memory-quota-store.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });
const messages = ["a", "b", "c", "d"].map((id) => messageFor(id));
const PER_DAY = { per: "day", resetsAt: "00:00", spread: false, reserve: 0 } as const;

const paced = demoProvider({ quotas: [{ requests: 600, per: "minute" }] });
const daily = (requests: number, reserve = 0) =>
  demoProvider({ quotas: [{ ...PER_DAY, requests, reserve }] });

describe("a minute's quota", () => {
  test("spaces starts out, with one reservation for the batch", async () => {
    let reservations = 0;
    const memory = createMemoryQuotaStore();
    const quotaStore: QuotaStore = {
      ...memory,
      reserve(request) {
        reservations += 1;
        return memory.reserve(request);
      },
    };
    const startedAtMs: number[] = [];
    const harness = createVentilatorHarness(
      (request, { clock }) => {
        startedAtMs.push(clock.nowMs());
        return ok(request);
      },
      { provider: paced, quotaStore },
    );
    const nowMs = harness.clock.nowMs();
    expect(await harness.run(messages)).toEqual([]);
    expect(startedAtMs.map((atMs) => Math.round(atMs - nowMs))).toEqual([0, 104, 208, 312]);
    expect(reservations).toBe(1);
  });

  test("a record that needs no start leaves its turn to the next one", async () => {
    const harness = createVentilatorHarness(ok, { provider: paced });
    await harness.run([messageFor("a")]);
    const before = await harness.quotaStore.read();
    await harness.run([messageFor("a", { messageId: "again" }), messageFor("b")], { fanOut: 1 });
    const after = await harness.quotaStore.read();
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["a", "b"]);
    expect(after.freeFromMs - before.freeFromMs).toBeLessThan(3 * 105);
  });

  test("a record that has had its end today takes no turn, unless its dead letter was put back", async () => {
    const harness = createVentilatorHarness(
      (request) =>
        request.recordId === "a"
          ? ok(request)
          : reply(request, { kind: "fault", latencyMs: 12, cause: "HTTP 500" }),
      { provider: demoProvider({ quotas: [{ requests: 600, per: "minute" }], maxAttempts: 1 }) },
    );
    await harness.run([messageFor("a"), messageFor("b")]);
    const before = await harness.quotaStore.read();
    const again = ["a", "b"].map((id) => messageFor(id, { messageId: `again-${id}` }));
    expect(await harness.run(again)).toEqual([]);
    expect(await harness.quotaStore.read()).toEqual(before);
    await harness.run([messageFor("b", { messageId: "put-back", isRedriven: true })]);
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["a", "b", "b"]);
  });

  test("a start that the worker finds too late is made in another turn, by the worker's clock, and costs nothing", async () => {
    let misses = 0;
    const harness = createVentilatorHarness(
      (request, { clock }) => {
        const workerReadMs = clock.nowMs() + 1_500;
        if ((request.startByMs ?? 0) >= workerReadMs) return ok(request);
        misses += 1;
        return { kind: "missed", cause: "too late", workerReadMs };
      },
      { provider: paced },
    );
    expect(await harness.run(messages)).toEqual([]);
    expect(misses).toBe(1);
    expect(await harness.rowOf("a")).toMatchObject({ status: "fetched", attempts: 1 });
  });

  test("a start that is missed again and again is handed back without an attempt, and is no sign of broken workers", async () => {
    const harness = createVentilatorHarness(() => ({ kind: "missed", cause: "too late", workerReadMs: 0 }), {
      provider: paced,
    });
    expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
    expect(harness.starts).toHaveLength(3);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
    expect((await harness.permitItems.read(0)).evidence).toMatchObject({ unavailableCount: 0 });
  });

  test("a start that was missed is not made in a later turn if an operator holds the provider by then", async () => {
    const slow = demoProvider({ quotas: [{ requests: 10, per: "minute" }] });
    const harness: VentilatorHarness = createVentilatorHarness(
      async () => {
        const untilMs = harness.clock.nowMs() + 3_600_000;
        await harness.permitItems.setOrderedHold(0, { version: 1, fromMs: 0, untilMs });
        return { kind: "missed", cause: "too late", workerReadMs: 0 };
      },
      { provider: slow },
    );
    expect(await harness.run([messageFor("a"), messageFor("b")])).toHaveLength(2);
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["a"]);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  });

  test("a probe waits for its turn, and is made although nothing else may start", async () => {
    const slow = demoProvider({ quotas: [{ requests: 10, per: "minute" }] });
    const harness = createVentilatorHarness(ok, { provider: slow });
    await harness.run([messageFor("a")]);
    await harness.permitItems.setControl(0, { phase: "half-open", limit: 1, epoch: 1 });
    const nowMs = harness.clock.nowMs();
    await harness.run([messageFor("b")]);
    expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["a", "b"]);
    expect(harness.clock.nowMs() - nowMs).toBeGreaterThan(5_000);
  });

  test("while the store can't be had nothing is started, and messages come again", async () => {
    const reserve = () => Promise.reject(new Unreachable("DynamoDB", "no answer"));
    const quotaStore = { ...createMemoryQuotaStore(), reserve };
    const harness = createVentilatorHarness(ok, { provider: paced, quotaStore });
    expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
    expect(harness.starts).toEqual([]);
  });
});

describe("a day's quota", () => {
  test("is not exceeded; what it has no room for waits without an attempt, and is looked at again in time for another contract", async () => {
    const harness = createVentilatorHarness(ok, { provider: daily(3) });
    expect(await harness.run(messages)).toEqual(["message-d"]);
    expect(harness.starts).toHaveLength(3);
    expect(await harness.rowOf("d")).toBeUndefined();
    const [change] = harness.queue.changes;
    // It is twelve hours to midnight.
    expect(change?.delayMs).toBeGreaterThanOrEqual(15 * 60_000);
    expect(change?.delayMs).toBeLessThanOrEqual(15 * 60_000 + 3_000);
  });

  test("the reserve is for the express lane", async () => {
    const harness = createVentilatorHarness(ok, { provider: daily(4, 0.5) });
    expect(await harness.run(messages)).toHaveLength(2);
    expect(await harness.run([messageFor("e"), messageFor("f")], { isUrgent: true })).toEqual([]);
    expect(await harness.quotaStore.read()).toMatchObject({ usedCount: 4 });
  });

  test("what no start was made of goes back", async () => {
    const harness = createVentilatorHarness(ok, { provider: daily(100) });
    await harness.run([messageFor("a"), messageFor("b")]);
    await harness.run([
      messageFor("a", { messageId: "1" }),
      messageFor("b", { messageId: "2" }),
      messageFor("c"),
    ]);
    expect(await harness.quotaStore.read()).toMatchObject({ usedCount: 3 });
  });

  test("the worker begins no start so shortly before the reset that the next day might count it", async () => {
    const harness = createVentilatorHarness(ok, { provider: daily(9) });
    await harness.run([messageFor("a")]);
    const midnightMs = Date.parse("2026-11-19T00:00:00Z");
    expect(harness.starts[0]?.startByMs).toBeLessThanOrEqual(midnightMs - 2_000);
  });
});

test("a refusal that the quotas do not explain is told once a day", async () => {
  const throttled = (request: WorkerRequest) =>
    reply(request, { kind: "throttled", latencyMs: 5, cause: "HTTP 429" });
  const harness = createVentilatorHarness(throttled, { provider: paced });
  await harness.run(messages);
  await harness.run(messages);
  const events = await Array.fromAsync(harness.events.list(0));
  expect(events.filter(({ kind }) => kind === "quota")).toHaveLength(1);
});

test("a provider without quotas sends no end of time, and reserves nothing", async () => {
  const harness = createVentilatorHarness(ok);
  await harness.run(messages);
  expect(harness.starts[0]).not.toHaveProperty("startByMs");
  expect(await harness.quotaStore.read()).toEqual(NOTHING_RESERVED);
});
