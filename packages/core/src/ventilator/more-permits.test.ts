import { demoProvider } from "@sluice/testing/demo-provider";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { makeLeases } from "../permits/lease.ts";
import { wishesAt } from "../permits/wish.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import type { WorkerRequest } from "../worker/request.ts";

const ok = (request: WorkerRequest): Invocation => reply(request, { kind: "ok", latencyMs: 12 });
const messages = (count: number) => Array.from({ length: count }, (_, index) => messageFor(`r${index}`));
const idsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `message-r${first + index}`);
const provider = { ...demoProvider(), maxConcurrency: 5 };

/** A worker whose calls last until as many have been started. */
function untilStarted(count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return async (request: WorkerRequest, { starts }: VentilatorHarness): Promise<Invocation> => {
    if (starts.length === count) resolve();
    await promise;
    return ok(request);
  };
}

/** Lends most permits to other batches, for so long. */
async function lendOthers(
  { permitItems, clock, deps }: VentilatorHarness,
  count: number,
  forMs: number,
): Promise<void> {
  await deps.permits.checkOut({ holderId: "any", wanted: 1, nowMs: 0, leaseUntilMs: 1 });
  const nowMs = clock.nowMs();
  await permitItems.add(0, makeLeases("others", count, nowMs, nowMs + forMs));
}

test("no express record waits for the calls of others of its batch, once permits are to be had", async () => {
  const harness = createVentilatorHarness(untilStarted(5), { provider });
  await lendOthers(harness, 4, 5_000);
  const startedAtMs = harness.clock.nowMs();
  expect(await harness.run(messages(5), { isUrgent: true })).toEqual([]);
  expect(harness.starts).toHaveLength(5);
  expect(harness.clock.nowMs() - startedAtMs).toBeLessThan(6_000);
  const { leases, evidence, wishes } = await harness.permitItems.read(0);
  expect(leases).toEqual([]);
  expect(evidence.okCount).toBe(5);
  expect(wishesAt(wishes.express, harness.clock.nowMs()).live).toEqual([]);
});

test("what a shut gate keeps out meanwhile waits, and what is in flight ends", async () => {
  const harness = createVentilatorHarness(
    async (request, { clock, permitItems, starts }) => {
      if (starts.length === 1) await permitItems.hold(0, clock.nowMs() + 3_600_000);
      await clock.sleep(2_500);
      return ok(request);
    },
    { provider },
  );
  await lendOthers(harness, 4, 3_600_000);
  expect(await harness.run(messages(5), { isUrgent: true })).toEqual(idsFrom(1, 4));
  expect(harness.starts).toHaveLength(1);
  expect((await harness.permitItems.read(0)).evidence.okCount).toBe(1);
});

test("a batch that can't ask for more goes on with what it has", async () => {
  const items = createMemoryPermitItems();
  let isAway = false;
  const harness = createVentilatorHarness(
    async (request, { starts, clock }) => {
      isAway = starts.length < 5;
      await clock.sleep(100);
      return ok(request);
    },
    {
      provider,
      items: {
        ...items,
        async read(...args) {
          if (isAway) throw new Unreachable("the table", new Error("away"));
          return items.read(...args);
        },
      },
    },
  );
  await lendOthers(harness, 4, 3_600_000);
  expect(await harness.run(messages(5), { isUrgent: true })).toEqual([]);
  expect(harness.starts).toHaveLength(5);
});

test("each permit is asked for anew after as many records as a bulk batch has, so that the lanes take turns", async () => {
  const latency = { ...provider.latency, medianMs: 2_000 };
  const takes: number[] = [];
  const items = createMemoryPermitItems();
  const harness = createVentilatorHarness(ok, {
    provider: { ...provider, latency },
    items: {
      ...items,
      async take(request) {
        const answer = await items.take(request);
        if (answer.kind === "taken") takes.push(request.leases.length);
        return answer;
      },
    },
  });
  await lendOthers(harness, 4, 3_600_000);
  takes.length = 0;
  expect(await harness.run(messages(3), { isUrgent: true })).toEqual([]);
  expect(harness.starts).toHaveLength(3);
  expect(takes).toEqual([1, 1, 1]);
});

test("a bulk batch works with what it was granted", async () => {
  const harness = createVentilatorHarness(ok, { provider });
  await lendOthers(harness, 4, 5_000);
  expect(await harness.run(messages(5), { fanOut: 5 })).toEqual([]);
  expect(harness.starts).toHaveLength(5);
});
