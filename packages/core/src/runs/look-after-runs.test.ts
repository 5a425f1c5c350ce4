import { createFakeClock, type FakeClock, NOON_MS } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import { beforeEach, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { Announcement } from "../ports/announcer.ts";
import type { NewRun, RunStore } from "../ports/run-store.ts";
import { createMemoryHistoryStore } from "../storage/memory-history-store.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import { createLedger } from "./ledger.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NIGHT: NewRun = {
  runId: "night",
  correlationId: "night",
  lane: "records",
  createdAtMs: NOON_MS,
  plannedCount: 3,
  digest: "",
  isSealed: true,
};

let runs: RunStore;
let clock: FakeClock;
let told: Announcement[];
let isAway: boolean;
beforeEach(() => {
  runs = createMemoryRunStore();
  clock = createFakeClock();
  told = [];
  isAway = false;
});

/** A round of the waker, in a process of its own. */
function round(): Promise<void> {
  const announce = async (news: readonly Announcement[]) => {
    if (isAway) throw new Unreachable("EventBridge", "away");
    told.push(...news);
  };
  return createLedger({
    provider: "demo",
    runs,
    history: createMemoryHistoryStore(),
    announcer: { announce },
    clock,
    log: silentLog,
  }).lookAfterRuns();
}

async function watched(run: Partial<NewRun> = {}): Promise<void> {
  await runs.open({ ...NIGHT, ...run });
  await runs.watch("night");
}
const fetched = (...places: number[]) =>
  runs.mark("night", { level: 0, index: 0 }, { fetched: places }, clock.nowMs());
const kinds = () => told.map(({ kind }) => kind);

test("a run whose end no batch has seen is completed and told of, and let go", async () => {
  await watched();
  await fetched(0, 1, 2);
  await round();
  expect((await runs.read("night"))?.completion).toMatchObject({ isAnnounced: true, counts: { fetched: 3 } });
  expect(kinds()).toEqual(["Run Completed"]);
  expect(await runs.watched()).toEqual([]);
});

test("a run of no records is completed", async () => {
  await watched({ plannedCount: 0 });
  await round();
  expect((await runs.read("night"))?.completion).toBeDefined();
});

test.each([
  ["that has records open", {}, [0, 1]],
  ["that is not sealed", { isSealed: false }, [0, 1, 2]],
])("a run %s is left as it is", async (_, run, places) => {
  await watched(run);
  await fetched(...places);
  await round();
  expect((await runs.read("night"))?.completion).toBeUndefined();
  expect([kinds(), await runs.watched()]).toEqual([[], ["night"]]);
});

test("while nobody can be told, a run stays watched, and is told of in a later round", async () => {
  await watched();
  await fetched(0, 1, 2);
  isAway = true;
  await round();
  expect(await runs.watched()).toEqual(["night"]);
  expect((await runs.read("night"))?.completion).toMatchObject({ isAnnounced: false });
  isAway = false;
  await round();
  expect([kinds(), await runs.watched()]).toEqual([["Run Completed"], []]);
});

test("a run that will miss its deadline at its pace is told of once", async () => {
  await watched({ deadlineMs: NOON_MS + 3 * HOUR_MS });
  await fetched(0);
  clock.advance(HOUR_MS);
  await fetched(1);
  clock.advance(HOUR_MS);
  await round();
  expect(kinds()).toEqual([]);
  clock.advance(HOUR_MS / 2);
  await round();
  await round();
  expect(kinds()).toEqual(["Run Late"]);
  expect(told[0]?.detail).toMatchObject({ runId: "night", deadlineMs: NOON_MS + 3 * HOUR_MS });
});

test("a run whose deadline has passed is told of though nothing of it has moved", async () => {
  await watched({ deadlineMs: NOON_MS + HOUR_MS });
  clock.advance(HOUR_MS + 1);
  await round();
  expect(kinds()).toEqual(["Run Late"]);
  expect(told[0]?.detail).not.toHaveProperty("endsAtMs");
});

test("a run that is gone, or that nobody has come back to for longer than messages last, is let go", async () => {
  await runs.watch("gone");
  await watched({ isSealed: false });
  clock.advance(15 * DAY_MS + 1);
  await round();
  expect(await runs.watched()).toEqual([]);
});

test("a table that is away throws nothing", async () => {
  runs = { ...runs, watched: () => Promise.reject(new Unreachable("the table", "away")) };
  await expect(round()).resolves.toBeUndefined();
});
