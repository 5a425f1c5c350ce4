import { outcomeTotalsOf } from "@sluice/core/history";
import { NO_EVIDENCE } from "@sluice/core/law";
import type { HistoryStore, Snapshot } from "@sluice/core/ports";
import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What every {@link HistoryStore} must do. `start` makes a place with stores, each of another provider. */
export function describeHistoryStore(name: string, start: () => Promise<StartedHistoryStores>): void {
  describe(`history store: ${name}`, () => {
    let stores: StartedHistoryStores;
    let store: HistoryStore;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    const timesOf = async (sinceMs: number, untilMs: number) =>
      (await Array.fromAsync(store.list(sinceMs, untilMs))).map(({ atMs }) => atMs - NOON_MS);

    test("has nothing at first", async () => {
      expect(await store.latest()).toBeUndefined();
      expect(await store.contract()).toBeUndefined();
      expect(await timesOf(0, NOON_MS)).toEqual([]);
    });

    test.each<[what: string, changes: Partial<Snapshot>]>([
      ["a quiet minute", {}],
      ["a minute of all kinds of trouble", FULL],
      ["a minute of a mapping that has opened", FULL_WHEN_CLOSED],
      ["a mapping that is being changed", { valve: { state: "updating", batchSize: 1 } }],
    ])("%s comes back as it was", async (_, changes) => {
      const snapshot = { ...snapshotAt(NOON_MS), ...changes };
      await store.append(snapshot);
      expect(await store.latest()).toEqual(snapshot);
      expect(await Array.fromAsync(store.list(NOON_MS, NOON_MS))).toEqual([snapshot]);
    });

    test("lists a span, both ends included, oldest first, over midnight too", async () => {
      const minutes = [-13 * 60, -12 * 60, -1, 0, -26 * 60];
      for (const minute of minutes) await store.append(snapshotAt(NOON_MS + minute * MINUTE_MS));
      expect(await timesOf(NOON_MS - 13 * HOUR_MS, NOON_MS - MINUTE_MS)).toEqual(
        [-13 * 60, -12 * 60, -1].map((minute) => minute * MINUTE_MS),
      );
      expect(await timesOf(NOON_MS - 13 * HOUR_MS + 1, NOON_MS - 12 * HOUR_MS)).toEqual([-12 * HOUR_MS]);
      expect(await timesOf(NOON_MS + 1, NOON_MS - 1)).toEqual([]);
    });

    test("the first of a span is the earliest, both ends included, over midnights too", async () => {
      const hours = [-5 * 24, -13, -1, 0];
      for (const hour of hours) await store.append(snapshotAt(NOON_MS + hour * HOUR_MS));
      const firstHour = async (since: number, until: number) => {
        const first = await store.first(NOON_MS + since * HOUR_MS, NOON_MS + until * HOUR_MS);
        return first && (first.atMs - NOON_MS) / HOUR_MS;
      };
      expect(await firstHour(-13 * 24, 0)).toBe(-5 * 24);
      expect(await firstHour(-5 * 24 + 1, 0)).toBe(-13);
      expect(await firstHour(-13, -1)).toBe(-13);
      expect(await firstHour(-12, -1)).toBe(-1);
      expect(await firstHour(-12, -2)).toBeUndefined();
      expect(await firstHour(1, -1)).toBeUndefined();
    });

    test.each([
      ["today", -MINUTE_MS],
      ["yesterday", -13 * HOUR_MS],
      ["by a clock that is ahead", 5_000],
    ])("the latest one was taken %s", async (_, atMs) => {
      await store.append(snapshotAt(NOON_MS - 14 * HOUR_MS));
      await store.append(snapshotAt(NOON_MS + atMs));
      expect((await store.latest())?.atMs).toBe(NOON_MS + atMs);
    });

    test("appending the same minute twice keeps one", async () => {
      await store.append(snapshotAt(NOON_MS));
      await store.append(snapshotAt(NOON_MS));
      expect(await timesOf(0, NOON_MS)).toEqual([0]);
    });

    test("keeps the contract that was put last", async () => {
      await store.putContract(demoProvider({ maxConcurrency: 7 }));
      await store.putContract(demoProvider({ maxConcurrency: 9, description: "“ü” 🦊" }));
      expect(await store.contract()).toEqual(demoProvider({ maxConcurrency: 9, description: "“ü” 🦊" }));
    });

    test("providers don't see each other's", async () => {
      await store.append(snapshotAt(NOON_MS));
      await store.putContract(demoProvider());
      const other = await stores.open();
      expect(await other.latest()).toBeUndefined();
      expect(await other.contract()).toBeUndefined();
    });
  });
}

/** A place with stores under test, whose clock stands at noon. */
export interface StartedHistoryStores {
  /** An empty store of another provider than those opened before. */
  open(): Promise<HistoryStore>;
  stop(): Promise<void>;
}

const DEPTH = { visibleCount: 3, inFlightCount: 2 };

/** Any snapshot. */
export function snapshotAt(atMs: number): Snapshot {
  return {
    atMs,
    phase: "closed",
    limit: 5,
    maxConcurrency: 20,
    inFlightCount: 4,
    queued: { records: DEPTH, express: { visibleCount: 0, inFlightCount: 0 } },
    deadLetterCount: 1,
    outcomes: outcomeTotalsOf({ ...NO_EVIDENCE, okCount: 12, lnLatencySum: 34.5 }),
  };
}

/** Everything that a snapshot may have while its breaker is closed. */
export const FULL_WHEN_CLOSED: Partial<Snapshot> = {
  usualLatencyMs: 812.5,
  heldUntilMs: NOON_MS + 1,
  plannedUntilMs: NOON_MS + 2,
  quotaHeldUntilMs: { records: NOON_MS + 3, express: 0 },
  quotaUsed: { day: "2026-11-18", usedCount: 49_999 },
  valve: {
    state: "enabled",
    batchSize: 10,
    maximumConcurrency: 2,
    opening: { atMs: NOON_MS - 4, part: 0.123 },
  },
};
/** Everything that a snapshot may have while it is not. */
export const FULL: Partial<Snapshot> = {
  phase: "open",
  probeAtMs: NOON_MS + 30_000,
  usualLatencyMs: 812.5,
  environmentHold: "cant-begin",
  heldUntilMs: NOON_MS + 1,
  plannedUntilMs: NOON_MS + 2,
  quotaHeldUntilMs: { records: NOON_MS + 3, express: 0 },
  quotaUsed: { day: "2026-11-18", usedCount: 49_999 },
  valve: { state: "enabled", batchSize: 10, maximumConcurrency: 2 },
};
