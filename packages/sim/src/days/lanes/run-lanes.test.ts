import { expect, test } from "vitest";
import { WITHOUT_PRECEDENCE } from "./lanes-run.ts";
import { runLanes } from "./run-lanes.ts";
import { runLanesApart } from "./run-lanes-apart.ts";

test.each([
  { maxConcurrency: 1, latencyMs: 1_000 },
  { maxConcurrency: 50, latencyMs: 20_000 },
])(
  "an express record starts within a call and two seconds, whatever the backlog of the bulk: %o",
  async (provider) => {
    const { maxConcurrency, latencyMs } = provider;
    const { waitP95Ms, ...figures } = await runLanes({ ...provider, express: "some" }, 1);
    expect(waitP95Ms).toBeLessThan(latencyMs + 2_000);
    expect(figures).toMatchObject({ violationCount: 0, inFlightMax: maxConcurrency });
  },
);

test.each([
  { maxConcurrency: 1, latencyMs: 1_000, minutes: 3, shareMost: 0.25 },
  { maxConcurrency: 5, latencyMs: 10_000, minutes: 4, shareMost: 0.5 },
  { maxConcurrency: 20, latencyMs: 20_000, minutes: 2, shareMost: 0.5 },
  { maxConcurrency: 50, latencyMs: 20_000, minutes: 1, shareMost: 0.5 },
])(
  "in a flood of express records the bulk keeps a fifth at least, and the express lane its part: %o",
  async ({ shareMost, ...provider }) => {
    const figures = await runLanes({ ...provider, express: "flood" }, 1);
    const { bulkPerMinute, expressPerMinute } = figures;
    const share = bulkPerMinute / (bulkPerMinute + expressPerMinute);
    expect(share).toBeGreaterThan(0.19);
    expect(share).toBeLessThan(shareMost);
    expect(figures).toMatchObject({ violationCount: 0, inFlightMax: provider.maxConcurrency });
  },
);

test.each([
  { maxConcurrency: 1, latencyMs: 1_000, minutes: 4 },
  { maxConcurrency: 5, latencyMs: 1_000, minutes: 1 },
  { maxConcurrency: 20, latencyMs: 20_000, minutes: 4 },
  { maxConcurrency: 50, latencyMs: 20_000, minutes: 1.5 },
])("without express records the bulk loses nothing to their lane: %o", async (provider) => {
  const beside = await runLanes({ ...provider, express: "none" }, 1);
  const lanes = { ...provider, express: "absent" } as const;
  const alone = await runLanesApart({ lanes, seed: 1, mutant: WITHOUT_PRECEDENCE });
  expect(beside.inFlightMax).toBe(provider.maxConcurrency);
  const alonePerMinute = alone?.bulkPerMinute ?? 0;
  expect(alonePerMinute * provider.minutes).toBeGreaterThan(200);
  expect(beside.bulkPerMinute / alonePerMinute).toBeGreaterThanOrEqual(0.995);
});

test("no express record of a burst waits for the calls of others", async () => {
  const latencyMs = 10_000;
  const { waitMaxMs, ...figures } = await runLanes({ maxConcurrency: 20, latencyMs, express: "bursts" }, 1);
  expect(waitMaxMs).toBeLessThan(latencyMs + 2_000);
  expect(figures).toMatchObject({ violationCount: 0, inFlightMax: 20 });
});
