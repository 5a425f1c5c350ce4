import { readProvider } from "@sluice/aws/file-catalog";
import { parseProvider } from "@sluice/core/provider";
import { valueAt } from "@sluice/sim/provider-simulator";
import { expect, test } from "vitest";
import { STORM_PACE_MS, stormOf } from "./storm.ts";
import { stormStageAt } from "./storm-stage.ts";

const DEMO = await readProvider("demo");

test("the storm goes from healthy over brownout and outage to a slow recovery, and ends healthy", () => {
  const { scenario } = stormOf(DEMO);
  const stages = Array.from({ length: 90 }, (_, second) => stormStageAt(scenario.provider, second / 60));
  expect(stages.filter((stage, at) => stage !== stages[at - 1])).toEqual([
    "healthy",
    "brownout",
    "outage",
    "slow recovery",
    "healthy",
  ]);
});

test.each([1, 2, 10, 500])("the provider bears something whenever it is not down, X being %d", (x) => {
  const { provider } = stormOf({ ...DEMO, maxConcurrency: x }).scenario;
  const capacities = Array.from({ length: 90 }, (_, second) => valueAt(provider.capacity, second / 60));
  expect(new Set(capacities.filter((_, second) => second < 33 || second >= 53))).not.toContain(0);
  expect(Math.max(...capacities)).toBe(x);
});

test.each([10, 100, 3_000, 70_000])(
  "it makes a valid provider of any, its timeout being %d ms",
  (timeoutMs) => {
    const { worker, ventilator, queue, ...contract } = DEMO;
    const known = parseProvider(
      {
        ...contract,
        timeoutMs,
        slowAfterMs: Math.min(timeoutMs, 1_000),
        latency: { medianMs: 1, sigma: 0, minMs: 1, maxMs: 1 },
        worker: { name: worker.name },
      },
      "test",
    );
    const stormy = parseProvider(stormOf(known).provider, "storm");
    expect(stormy.breaker.paceMs).toBe(STORM_PACE_MS);
  },
);
