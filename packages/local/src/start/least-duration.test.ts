import { readProvider } from "@sluice/aws/file-catalog";
import { calmScenario, type SimulatedProvider } from "@sluice/sim/provider-simulator";
import { expect, test } from "vitest";
import { leastDurationMs } from "./least-duration.ts";

const { provider: demo } = calmScenario(await readProvider("demo"));
const STEADY: SimulatedProvider = {
  ...demo,
  maxConcurrency: 10,
  capacity: [[0, 10]],
  latency: { medianMs: 100, sigma: 0, minMs: 1, maxMs: 1_000 },
};

test.each<[why: string, changes: Partial<SimulatedProvider>, recordCount: number, durationMs: number]>([
  ["ten at once of a tenth of a second make a hundred a second", {}, 1_000, 10_000],
  ["one at once takes ten times as long", { maxConcurrency: 1 }, 1_000, 100_000],
  [
    "an outage is waited for",
    {
      capacity: [
        [0, 0],
        [1, 10],
      ],
    },
    1_000,
    70_000,
  ],
  ["slow calls take longer", { latencyFactor: [[0, 3]] }, 1_000, 30_000],
  ["faults are calls in vain", { faultRatio: [[0, 0.5]] }, 1_000, 20_000],
  [
    "a mix takes the mean of its kinds",
    {
      latency: {
        mix: [
          { share: 0.5, medianMs: 100, sigma: 0 },
          { share: 0.5, medianMs: 300, sigma: 0 },
        ],
        minMs: 1,
        maxMs: 1_000,
      },
    },
    1_000,
    20_000,
  ],
  ["a provider that never comes back is not waited for", { capacity: [[0, 0]] }, 1, Number.POSITIVE_INFINITY],
])("%s", (_, changes, recordCount, durationMs) => {
  expect(leastDurationMs({ ...STEADY, ...changes }, recordCount)).toBeCloseTo(durationMs, 3);
});

test("the slowest provider of the catalog takes minutes for a few records", async () => {
  const { provider } = calmScenario(await readProvider("slowpoke"));
  expect(leastDurationMs(provider, 20) / 60_000).toBeGreaterThan(1.5);
});
