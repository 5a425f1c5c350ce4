import type { ListedRun, Rosters } from "@sluice/core/ports";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const DAY_MS = 24 * 3_600_000;
const NIGHT: ListedRun = { runId: "night", lane: "records", createdAtMs: NOON_MS };
const ONE: ListedRun = { runId: "one", lane: "express", createdAtMs: NOON_MS, onlyRecordId: "a b" };

/** What every store of {@link Rosters} must do. `start` makes a place with stores, each of another provider. */
export function describeRosters(name: string, start: () => Promise<StartedRosters>): void {
  describe(`rosters: ${name}`, () => {
    let stores: StartedRosters;
    let store: Rosters;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    const ofDay = (day: string) => Array.fromAsync(store.runsOfDay(day));
    const ofRecord = (recordId: string) => Array.fromAsync(store.runsOfRecord(recordId));

    test("are empty at first", async () => {
      expect(await ofDay("2026-11-18")).toEqual([]);
      expect(await ofRecord("a")).toEqual([]);
      expect(await Array.fromAsync(store.rosters("night"))).toEqual([]);
    });

    test("list a run under the UTC day on which it was created, and nowhere else", async () => {
      await store.list(NIGHT);
      await store.list({ ...NIGHT, runId: "before", createdAtMs: NOON_MS - DAY_MS / 2 - 1 });
      expect(await ofDay("2026-11-18")).toEqual([NIGHT]);
      expect((await ofDay("2026-11-17")).map(({ runId }) => runId)).toEqual(["before"]);
      expect(await ofDay("2026-11-19")).toEqual([]);
    });

    test("list a run of one record under that", async () => {
      await store.list(ONE);
      expect(await ofRecord("a b")).toEqual([ONE]);
      expect(await ofRecord("a")).toEqual([]);
      expect(await ofDay("2026-11-18")).toEqual([]);
    });

    test("list in the order of time", async () => {
      for (const at of [3, 1, 2])
        await store.list({ ...NIGHT, runId: `run ${at}`, createdAtMs: NOON_MS + at });
      for (const at of [2, 1]) await store.list({ ...ONE, runId: `one ${at}`, createdAtMs: NOON_MS + at });
      expect((await ofDay("2026-11-18")).map(({ runId }) => runId)).toEqual(["run 1", "run 2", "run 3"]);
      expect((await ofRecord("a b")).map(({ runId }) => runId)).toEqual(["one 1", "one 2"]);
    });

    test("keep the roster in a listing when it is listed again without", async () => {
      const roster = { fromNumber: 0, fingerprints: "0123456789" };
      await store.list({ ...NIGHT, roster });
      await store.list(NIGHT);
      expect(await ofDay("2026-11-18")).toEqual([{ ...NIGHT, roster }]);
    });

    test("keep the parts of a roster by their place, the later one of two", async () => {
      const parts = [
        { fromNumber: 10_000, fingerprints: "cc" },
        { fromNumber: 0, fingerprints: "aa" },
        { fromNumber: 2_000, fingerprints: "bb" },
      ];
      for (const part of parts) await store.keepRoster("night", part, NOON_MS);
      await store.keepRoster("night", { fromNumber: 2_000, fingerprints: "dd" }, NOON_MS);
      await store.keepRoster("night.", { fromNumber: 5, fingerprints: "ee" }, NOON_MS);
      const kept = await Array.fromAsync(store.rosters("night"));
      expect(kept.map(({ fingerprints }) => fingerprints)).toEqual(["aa", "dd", "cc"]);
    });

    test("are a provider's own", async () => {
      await store.list(NIGHT);
      await store.keepRoster("night", { fromNumber: 0, fingerprints: "aa" }, NOON_MS);
      store = await stores.open();
      expect(await ofDay("2026-11-18")).toEqual([]);
      expect(await Array.fromAsync(store.rosters("night"))).toEqual([]);
    });
  });
}

/** A place with stores under test. */
export interface StartedRosters {
  /** An empty store of another provider than those opened before. */
  open(): Promise<Rosters>;
  stop(): Promise<void>;
}
