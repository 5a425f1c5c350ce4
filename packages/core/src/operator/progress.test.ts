import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { beforeEach, describe, expect, test } from "vitest";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { NO_EVIDENCE } from "../law/evidence.ts";
import type { Snapshot } from "../ports/history-store.ts";
import type { Quota } from "../provider/quota.ts";
import { quotasLeft } from "../steering/quotas/quota-left.ts";
import { NOTHING_RESERVED } from "../steering/quotas/quota-steps.ts";
import { createMemorySchedulerStores } from "../storage/memory.ts";
import { type Progress, readProgress } from "./progress.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MIDNIGHT_MS = NOON_MS - 12 * HOUR_MS;
const DAY: Quota = { per: "day", requests: 1_000, resetsAt: "00:00", spread: false, reserve: 0 };

let stores: ReturnType<typeof createMemorySchedulerStores>;
beforeEach(() => {
  stores = createMemorySchedulerStores();
});

interface Minute {
  readonly fetched?: number;
  readonly dead?: number;
  readonly queued?: number;
  readonly express?: number;
  /** Of the day's quota. */
  readonly used?: number;
}

/** A minute that the waker saw, with the counts of all time. */
async function see(atMs: number, minute: Minute = {}): Promise<void> {
  const { fetched = 0, dead = 0, queued = 0, express = 0, used } = minute;
  const snapshot: Snapshot = {
    atMs,
    phase: "closed",
    limit: 3,
    maxConcurrency: 3,
    inFlightCount: 0,
    queued: {
      records: { visibleCount: queued, inFlightCount: 0 },
      express: { visibleCount: express, inFlightCount: 0 },
    },
    deadLetterCount: dead,
    ...(used !== undefined && { quotaUsed: { day: "2026-11-18", usedCount: used } }),
    outcomes: outcomeTotalsOf({ ...NO_EVIDENCE, okCount: fetched - 1, slowCount: 1 }),
  };
  await stores.history.append(snapshot);
}

async function open(runId: string, createdAtMs: number, deadlineMs?: number): Promise<void> {
  const common = { runId, correlationId: runId, lane: "records", createdAtMs } as const;
  const plan = { plannedCount: 2, digest: "any", isSealed: true };
  await stores.runs.open({ ...common, ...plan, ...(deadlineMs !== undefined && { deadlineMs }) });
  await stores.runs.watch(runId);
}

function read(quota?: { readonly usedCount: number }): Promise<Progress> {
  const quotas = quota === undefined ? [] : [DAY];
  const provider = demoProvider(quota === undefined ? {} : { quotas: [DAY] });
  const state = {
    ...NOTHING_RESERVED,
    day: "2026-11-18",
    dayKind: "UTC 00:00",
    usedCount: quota?.usedCount ?? 0,
  };
  const left = quotasLeft({ quotas, timeZone: "UTC" }, state, NOON_MS);
  return readProgress({
    ...stores,
    provider: { ...provider, timeZone: "UTC" },
    clock: { nowMs: () => NOON_MS },
    quotas: { readLeft: async () => left },
  });
}

describe("today's counts", () => {
  test("are those since the provider's midnight", async () => {
    await see(MIDNIGHT_MS - 90_000, { fetched: 90, dead: 2 });
    await see(MIDNIGHT_MS - 30_000, { fetched: 100, dead: 2 });
    await see(MIDNIGHT_MS + 30_000, { fetched: 104, dead: 2 });
    await see(NOON_MS - 30_000, { fetched: 750, dead: 5 });
    expect((await read()).today).toEqual({
      day: "2026-11-18",
      sinceMs: MIDNIGHT_MS,
      isWhole: true,
      fetchedCount: 650,
      newDeadLetterCount: 3,
    });
  });

  test("say from when on they are, where the waker was silent at midnight", async () => {
    await see(MIDNIGHT_MS - 5 * HOUR_MS, { fetched: 100 });
    await see(MIDNIGHT_MS + HOUR_MS, { fetched: 300 });
    await see(NOON_MS, { fetched: 350 });
    expect((await read()).today).toMatchObject({
      sinceMs: MIDNIGHT_MS + HOUR_MS,
      isWhole: false,
      fetchedCount: 50,
    });
  });

  test("are all there are on a provider's first day", async () => {
    await see(MIDNIGHT_MS + HOUR_MS, { fetched: 300, dead: 1 });
    expect((await read()).today).toMatchObject({
      sinceMs: MIDNIGHT_MS,
      fetchedCount: 300,
      newDeadLetterCount: 1,
    });
  });

  test("begin anew with the count that they are taken from, and shrink with no redrive", async () => {
    await see(MIDNIGHT_MS, { fetched: 500, dead: 9 });
    await see(NOON_MS, { fetched: 20, dead: 4 });
    expect((await read()).today).toMatchObject({ fetchedCount: 20, newDeadLetterCount: 0 });
  });

  test("are not those of another day", async () => {
    expect((await read()).today).toBeUndefined();
    await see(MIDNIGHT_MS - MINUTE_MS, { fetched: 500 });
    expect((await read()).today).toBeUndefined();
  });
});

describe("what is ahead", () => {
  beforeEach(async () => {
    await see(NOON_MS - 10 * MINUTE_MS, { fetched: 100 });
    await see(NOON_MS - 5 * MINUTE_MS, { fetched: 100 });
  });

  test("is told by the rate of the last minutes", async () => {
    await see(NOON_MS, { fetched: 200, queued: 600 });
    const { startsPerMinute, endsAtMs } = await read();
    expect(startsPerMinute).toBe(10);
    expect(endsAtMs).toBe(NOON_MS + HOUR_MS);
  });

  test("is told of express records where those alone are queued, and of nothing where none is", async () => {
    await see(NOON_MS, { fetched: 200, express: 100 });
    expect((await read()).endsAtMs).toBe(NOON_MS + 10 * MINUTE_MS);
    await see(NOON_MS, { fetched: 200 });
    expect((await read()).endsAtMs).toBeUndefined();
  });

  test("is the end of the day's quota, with what waits then", async () => {
    await see(NOON_MS, { fetched: 200, queued: 1_000, used: 400 });
    const { quotas, forecast, endsAtMs } = await read({ usedCount: 400 });
    expect(quotas).toMatchObject([{ leftCount: 600 }]);
    expect(forecast).toEqual({ usedUpAtMs: NOON_MS + HOUR_MS, waitingCount: 400 });
    expect(endsAtMs).toBeGreaterThan(MIDNIGHT_MS + 24 * HOUR_MS);
  });

  test("is not told by a minute that is long past", async () => {
    const { forecast, endsAtMs } = await readProgress({
      ...stores,
      provider: demoProvider({ quotas: [DAY] }),
      clock: { nowMs: () => NOON_MS + HOUR_MS },
    });
    expect([forecast, endsAtMs]).toEqual([undefined, undefined]);
  });
});

describe("the open runs", () => {
  test("are counted, with the oldest and the first deadline", async () => {
    await open("old", NOON_MS - 2 * HOUR_MS);
    await open("new", NOON_MS - HOUR_MS, NOON_MS + HOUR_MS);
    await open("done", NOON_MS - 9 * HOUR_MS);
    const counts = { fetched: 2, fetchedBefore: 0, dead: 0, expired: 0, cancelled: 0 };
    await stores.runs.complete("done", { completedAtMs: NOON_MS, counts, isAnnounced: true });
    expect((await read()).openRuns).toEqual({
      count: 2,
      oldestAtMs: NOON_MS - 2 * HOUR_MS,
      deadlineMs: NOON_MS + HOUR_MS,
    });
  });

  test("of a number that would cost too many reads are counted alone", async () => {
    for (let at = 0; at < 21; at += 1) await open(`run ${at}`, NOON_MS - at);
    expect((await read()).openRuns).toEqual({ count: 21 });
  });
});
