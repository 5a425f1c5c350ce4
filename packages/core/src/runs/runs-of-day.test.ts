import { beforeEach, expect, test } from "vitest";
import { createMemorySchedulerStores } from "../storage/memory.ts";
import { readRunsOfDays } from "./runs-of-day.ts";

const stores = () => ({
  ...createMemorySchedulerStores(),
  clock: { nowMs: () => Date.parse("2026-11-18T12:00Z") },
});
let deps: ReturnType<typeof stores>;
beforeEach(() => {
  deps = stores();
});

async function begin(runId: string, createdAt: string): Promise<void> {
  const createdAtMs = Date.parse(createdAt);
  const run = { runId, correlationId: runId, lane: "records", createdAtMs } as const;
  await deps.rosters.list({ runId, lane: "records", createdAtMs });
  await deps.runs.open({ ...run, plannedCount: 2, digest: "any", isSealed: true });
}

const idsOf = async (timeZone: string, days: readonly string[], maxCount = 10) =>
  (await readRunsOfDays(days, maxCount, { ...deps, timeZone })).runs.map(({ runId }) => runId);

test("a day is the provider's, wherever its clock is", async () => {
  await begin("late", "2026-11-18T23:30Z");
  await begin("noon", "2026-11-18T12:00Z");
  await begin("early", "2026-11-18T00:30Z");
  expect(await idsOf("UTC", ["2026-11-18"])).toEqual(["late", "noon", "early"]);
  expect(await idsOf("Pacific/Kiritimati", ["2026-11-19"])).toEqual(["late", "noon"]);
  expect(await idsOf("Pacific/Kiritimati", ["2026-11-18"])).toEqual(["early"]);
  expect(await idsOf("America/New_York", ["2026-11-17"])).toEqual(["early"]);
  expect(await idsOf("UTC", ["2026-11-17", "2026-11-19"])).toEqual([]);
});

test("the latest come first, and those that are left out are counted", async () => {
  for (const minute of [10, 11, 12]) await begin(`at ${minute}`, `2026-11-18T12:${minute}Z`);
  const { runs, moreCount } = await readRunsOfDays(["2026-11-18"], 2, { ...deps, timeZone: "UTC" });
  expect(runs.map(({ runId }) => runId)).toEqual(["at 12", "at 11"]);
  expect(moreCount).toBe(1);
});

test("a run whose row has expired is left out", async () => {
  await deps.rosters.list({ runId: "gone", lane: "records", createdAtMs: Date.parse("2026-11-18T12:00Z") });
  expect(await idsOf("UTC", ["2026-11-18"])).toEqual([]);
});
