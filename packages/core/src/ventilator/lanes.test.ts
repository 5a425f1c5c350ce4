import { demoProvider } from "@sluice/testing/demo-provider";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { laneOf, makeLeases } from "../permits/lease.ts";
import { makeWishes, WISH_MS, wishesAt } from "../permits/wish.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });
const messages = (count: number) => Array.from({ length: count }, (_, index) => messageFor(`r${index}`));
const provider = { ...demoProvider(), maxConcurrency: 2 };

async function expressWishesOf({ permitItems, clock }: VentilatorHarness): Promise<number> {
  const { wishes } = await permitItems.read(0);
  return wishesAt(wishes.express, clock.nowMs()).live.length;
}

/** Makes the table lend to nobody, because other batches hold all permits for so long. */
async function lendAll({ permitItems, clock, deps }: VentilatorHarness, forMs: number): Promise<void> {
  await deps.permits.checkOut({ holderId: "any", wanted: 1, nowMs: 0, leaseUntilMs: 1 });
  const nowMs = clock.nowMs();
  await permitItems.add(0, makeLeases("others", provider.maxConcurrency, nowMs, nowMs + forMs));
}

test("a bulk batch hands a permit back for express records at once, and goes on with the other", async () => {
  const leasesAtStart: number[] = [];
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      const { clock, permitItems } = harness;
      leasesAtStart.push((await permitItems.read(0)).leases.length);
      clock.advance(2_500);
      await permitItems.wish(0, "express", makeWishes("a user", 1, clock.nowMs() + WISH_MS), 9);
      return ok(request);
    },
    { provider },
  );
  expect(await harness.run(messages(8), { fanOut: 2 })).toEqual([]);
  expect(harness.starts).toHaveLength(8);
  expect(leasesAtStart.slice(0, 2)).toEqual([2, 2]);
  expect(leasesAtStart.slice(3)).toEqual(Array(5).fill(1));
  const { leases, evidence } = await harness.permitItems.read(0);
  expect(leases).toEqual([]);
  expect(evidence.okCount).toBe(8);
});

test("what such a batch has seen is reported even if its last permit is left to run out", async () => {
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      const { clock, permitItems, starts } = harness;
      if (starts.length <= 2) {
        clock.advance(2_500);
        await permitItems.wish(0, "express", makeWishes("a user", 1, clock.nowMs() + WISH_MS), 9);
      }
      return starts.length < 5 ? ok(request) : { kind: "lost", cause: "no answer" };
    },
    { provider },
  );
  expect(await harness.run(messages(5), { fanOut: 2 })).toEqual(["message-r4"]);
  const { leases, evidence } = await harness.permitItems.read(0);
  expect(leases).toHaveLength(1);
  expect(evidence).toMatchObject({ okCount: 4, unavailableCount: 1 });
});

test("a bulk batch with one permit hands it back, and asks for another one without its messages' going round", async () => {
  const startedAtMs: number[] = [];
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      const { clock, permitItems } = harness;
      startedAtMs.push(clock.nowMs());
      if (startedAtMs.length === 1) {
        clock.advance(2_500);
        await permitItems.wish(0, "express", makeWishes("a user", 1, clock.nowMs() + WISH_MS), 9);
      }
      return ok(request);
    },
    { provider: { ...provider, maxConcurrency: 1 } },
  );
  expect(await harness.run(messages(3))).toEqual([]);
  const [first = 0, second = 0] = startedAtMs;
  expect(second - first).toBeGreaterThan(2_500 + WISH_MS - 100);
  expect(second - first).toBeLessThan(2_500 + WISH_MS + 3_000);
});

test("an express batch gives way to nobody", async () => {
  const harness: VentilatorHarness = createVentilatorHarness(
    async (request) => {
      const { clock, permitItems } = harness;
      const { leases } = await permitItems.read(0);
      expect(leases.map(laneOf)).toEqual(["express"]);
      clock.advance(2_500);
      for (const lane of ["express", "records"] as const)
        await permitItems.wish(0, lane, makeWishes(lane, 1, clock.nowMs() + WISH_MS), 9);
      return ok(request);
    },
    { provider: { ...provider, maxConcurrency: 1 } },
  );
  const startMs = harness.clock.nowMs();
  expect(await harness.run(messages(4), { isUrgent: true })).toEqual([]);
  expect(harness.clock.nowMs() - startMs).toBeLessThan(4 * 2_500 + 1_000);
});

test.each([
  [true, 1],
  [false, 0],
])(
  "a batch that waits wishes for a permit if users wait (%s), and not beyond its wait",
  async (isUrgent, count) => {
    const harness = createVentilatorHarness(ok, { provider });
    await lendAll(harness, 10 * 60_000);
    const seen = new Set<number>();
    const { checkOut } = harness.deps.permits;
    const watched: typeof checkOut = async (request) => {
      const answer = await checkOut(request);
      seen.add(await expressWishesOf(harness));
      return answer;
    };
    Object.assign(harness.deps.permits, { checkOut: watched });
    expect(await harness.run(messages(1), { isUrgent })).toHaveLength(1);
    expect([...seen]).toEqual([count]);
    expect((await harness.permitItems.read(0)).wishes).toEqual({ records: [], express: [] });
  },
);

test("a batch that waits for long has its permit when one is returned, and its wish is gone then", async () => {
  const harness = createVentilatorHarness(ok, { provider });
  await lendAll(harness, 15_000);
  const startMs = harness.clock.nowMs();
  expect(await harness.run(messages(1), { isUrgent: true })).toEqual([]);
  expect(harness.clock.nowMs() - startMs).toBeLessThan(15_500);
  expect((await harness.permitItems.read(0)).wishes.express).toEqual([]);
});
