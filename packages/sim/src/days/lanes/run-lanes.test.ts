import { expect, test } from "vitest";
import type { LanesCase } from "./lanes-story.ts";
import { runLanes } from "./run-lanes.ts";

const ONE_AT_A_TIME = { maxConcurrency: 1, latencyMs: 1_000 } as const satisfies Partial<LanesCase>;

test("an express record starts within a call and two seconds, whatever the backlog of the bulk", async () => {
  const { waitP95Ms, ...figures } = await runLanes({ ...ONE_AT_A_TIME, express: "some" }, 1);
  expect(waitP95Ms).toBeLessThan(ONE_AT_A_TIME.latencyMs + 2_000);
  expect(figures).toMatchObject({ violationCount: 0, inFlightMax: 1 });
});

test("in a flood of express records the bulk keeps a fifth", async () => {
  const { bulkPerMinute, expressPerMinute, ...figures } = await runLanes(
    { ...ONE_AT_A_TIME, express: "flood" },
    1,
  );
  const share = bulkPerMinute / (bulkPerMinute + expressPerMinute);
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.25);
  expect(figures).toMatchObject({ violationCount: 0, inFlightMax: 1 });
});

test("no express record of a burst waits for the calls of others", async () => {
  const latencyMs = 10_000;
  const { waitMaxMs, ...figures } = await runLanes({ maxConcurrency: 20, latencyMs, express: "bursts" }, 1);
  expect(waitMaxMs).toBeLessThan(latencyMs + 2_000);
  expect(figures).toMatchObject({ violationCount: 0, inFlightMax: 20 });
});
