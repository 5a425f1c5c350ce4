import { makeLeases } from "@sluice/core/permits";
import { quotasPartOf } from "@sluice/core/steering/quotas";
import { ventilate } from "@sluice/core/ventilator";
import { createVirtualClock } from "@sluice/sim/virtual-time";
import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";

const DAY = { requests: 10, per: "day", resetsAt: "00:00", spread: false, reserve: 0 } as const;
const MINUTE = { requests: 60, per: "minute" } as const;
const RECORDS = 10;

/** An express batch that has one permit at first, and one more each half second. */
async function runBatch(quota: typeof DAY | typeof MINUTE, callMs: number) {
  const clock = createVirtualClock(NOON_MS);
  const latency = { medianMs: callMs, sigma: 0, minMs: 1, maxMs: callMs };
  const provider = demoProvider({ maxConcurrency: 5, latency, quotas: [quota] });
  const harness = createVentilatorHarness(
    async (request) => {
      await clock.sleep(callMs);
      return reply(request, { kind: "ok", latencyMs: callMs });
    },
    { provider, clock },
  );
  const { deps, queue, permitItems, quotaStore, starts } = harness;
  await deps.permits.checkOut({ holderId: "any", wanted: 1, nowMs: 0, leaseUntilMs: 1 });
  for (const at of [1, 2, 3, 4]) {
    await permitItems.add(0, makeLeases(`other-${at}`, 1, NOON_MS, NOON_MS + at * 500));
  }
  const messages = Array.from({ length: RECORDS }, (_, index) => messageFor(`r${index}`));
  const batch = {
    messages,
    queue,
    deadlineAtMs: NOON_MS + provider.ventilator.timeoutMs,
    fanOut: 1,
    isUrgent: true,
  };
  let handedBack: readonly string[] = messages.map(({ messageId }) => messageId);
  const quotas = quotasPartOf({ ...deps, events: harness.events }, () => quotaStore);
  void ventilate(batch, { ...deps, ...quotas }).then((ids) => {
    handedBack = ids;
    clock.stop();
  });
  await clock.run(batch.deadlineAtMs);
  return { handedBack, starts, ...(await quotaStore.read()), tookMs: clock.nowMs() - NOON_MS };
}

test("the permits of an express batch share its starts of a day: what one has reserved another may make", async () => {
  const { handedBack, starts, usedCount } = await runBatch(DAY, 900);
  expect(handedBack).toEqual([]);
  expect(starts).toHaveLength(RECORDS);
  expect(usedCount).toBe(RECORDS);
});

test("the permits of an express batch share its turns in a spacing: no instant is reserved that nobody uses", async () => {
  const { handedBack, starts, freeFromMs, tookMs } = await runBatch(MINUTE, 100);
  expect(handedBack).toEqual([]);
  expect(starts).toHaveLength(RECORDS);
  expect(tookMs).toBeLessThan(12_500);
  expect(freeFromMs - NOON_MS).toBeLessThan(12_500);
});
