import type { Breaker, ShardReport } from "@sluice/core/breaker";
import { firstSplit, makeLeases } from "@sluice/core/permits";
import { createMemoryPermitItems } from "@sluice/core/storage/memory";
import { describe, expect, it } from "vitest";
import type { SimulatedObservers } from "../provider-simulator/scenario.ts";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { createObservers } from "./observers.ts";

const REPORT = { epoch: 0, evidence: { okCount: 1 }, atMs: 0 };
const LEASES = makeLeases("a", 1, 0, 1);
const TAKE = { shardIndex: 0, ifPhase: "closed", ifLimit: 9, ifSplit: 1, ifAtMostOut: 9, nowMs: 0 } as const;

function createHarness(ratios: Partial<SimulatedObservers>) {
  const clock = createVirtualClock(0);
  const observers = createObservers({
    clock,
    random: { next: () => 0.5 },
    ratios: { lateRatio: 0, lostRatio: 0, duplicateRatio: 0, ...ratios },
  });
  return { clock, observers, items: observers.spoilItems(createMemoryPermitItems()) };
}

async function okCountAfterGiveBack(ratios: Partial<SimulatedObservers>, afterMs: number) {
  const { clock, items } = createHarness(ratios);
  await items.setSplit(0, firstSplit(1, 0));
  await items.take({ ...TAKE, leases: LEASES });
  await items.giveBack(0, LEASES, REPORT);
  clock.at(100_000, () => {});
  await clock.run(afterMs);
  const { leases, evidence } = await items.read(0);
  return [leases.length, evidence.okCount];
}

describe("observers", () => {
  it("leave reports alone, lose them, delay or repeat them; the lease is returned in any case", async () => {
    expect(await okCountAfterGiveBack({}, 0)).toEqual([0, 1]);
    expect(await okCountAfterGiveBack({ lostRatio: 0.6 }, 90_000)).toEqual([0, 0]);
    expect(await okCountAfterGiveBack({ duplicateRatio: 0.6 }, 0)).toEqual([0, 2]);
    expect(await okCountAfterGiveBack({ lateRatio: 0.6 }, 30_000)).toEqual([0, 0]);
    expect(await okCountAfterGiveBack({ lateRatio: 0.6 }, 40_000)).toEqual([0, 1]);
  });

  it("treat reports on the way alike", async () => {
    const { items } = createHarness({ duplicateRatio: 0.6 });
    expect((await items.report(0, REPORT)).evidence.okCount).toBe(2);
  });

  it("tell a law that sees each report by itself what happened to it", async () => {
    const { clock, observers, items } = createHarness({ lateRatio: 0.6 });
    const heardAtMs: number[] = [];
    const breaker = {
      consider: async () => void heardAtMs.push(clock.nowMs()),
    } as unknown as Breaker;
    const shard = await items.report(0, REPORT);
    const reported: ShardReport = { shardIndex: 0, shard, report: REPORT };
    await observers.spoilBreaker(breaker).consider(reported);
    await clock.run(90_000);
    expect(heardAtMs).toEqual([32_500]);
  });
});
