import type { QuotaRequest, QuotaStore } from "@sluice/core/ports";
import { createMemoryQuotaStore } from "@sluice/core/storage/memory";
import { NOON_MS } from "@sluice/testing/fake-clock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const SPACING = { intervalMs: 100, longestMs: 100, aheadMaxMs: 5_000 };
const TODAY = "2026-11-21";
const TOMORROW = "2026-11-22";
const MIDNIGHT_MS = NOON_MS - 12 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** A day from midnight to midnight. */
const dayNamed = (name: string) => ({
  name,
  kind: "UTC 00:00",
  startsAtMs: name === TODAY ? MIDNIGHT_MS : MIDNIGHT_MS + DAY_MS,
});

const NOTHING = {
  freeFromMs: 0,
  intervalMs: 0,
  day: "",
  dayKind: "",
  usedCount: 0,
  earlierCount: 0,
  reservedAtMs: 0,
};

/** What every {@link QuotaStore} must do. `start` makes a place with stores, each of another provider. */
export function describeQuotaStore(name: string, start: () => Promise<StartedQuotaStores>): void {
  describe(`quota store: ${name}`, () => {
    let stores: StartedQuotaStores;
    let store: QuotaStore;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    const spaced = (count: number, nowMs: number, aheadMaxMs = SPACING.aheadMaxMs): QuotaRequest => ({
      count,
      nowMs,
      spacing: { ...SPACING, aheadMaxMs },
    });
    const daily = (count: number, usedAtMost: number, day = TODAY): QuotaRequest => ({
      count,
      nowMs: NOON_MS,
      day: { ...dayNamed(day), usedAtMost },
    });

    test("has nothing reserved at first", async () => {
      expect(await store.read()).toEqual(NOTHING);
    });

    test("an idle spacing begins now, a busy one behind what is reserved", async () => {
      expect(await store.reserve(spaced(3, NOON_MS))).toMatchObject({ kind: "reserved", firstAtMs: NOON_MS });
      expect(await store.reserve(spaced(2, NOON_MS + 10))).toEqual({
        kind: "reserved",
        firstAtMs: NOON_MS + 300,
        state: { ...NOTHING, freeFromMs: NOON_MS + 500, intervalMs: 100 },
      });
      expect(await store.reserve(spaced(1, NOON_MS + 500))).toMatchObject({ firstAtMs: NOON_MS + 500 });
    });

    test("refuses what would be too far ahead, and tells from when on it is not", async () => {
      await store.reserve(spaced(10, NOON_MS));
      const refused = await store.reserve(spaced(1, NOON_MS, 999));
      expect(refused).toMatchObject({ kind: "refused", state: { freeFromMs: NOON_MS + 1_000 } });
      expect(await store.reserve(spaced(1, NOON_MS, 1_000))).toMatchObject({ kind: "reserved" });
    });

    test("a clock that is behind takes up no instant a second time", async () => {
      await store.reserve(spaced(5, NOON_MS));
      expect(await store.reserve(spaced(1, NOON_MS - 2_000))).toMatchObject({ firstAtMs: NOON_MS + 500 });
    });

    test("counts a day up to its most, and not one more", async () => {
      expect(await store.reserve(daily(4, 5))).toMatchObject({ kind: "reserved", state: { usedCount: 4 } });
      expect(await store.reserve(daily(2, 5))).toMatchObject({ kind: "refused", state: { usedCount: 4 } });
      expect(await store.reserve(daily(1, 5))).toMatchObject({ kind: "reserved", state: { usedCount: 5 } });
      expect(await store.reserve(daily(1, 6))).toMatchObject({ kind: "reserved", state: { usedCount: 6 } });
    });

    test("a new day begins with nothing used, and the old one can't be had any more", async () => {
      await store.reserve(daily(5, 5));
      expect(await store.reserve(daily(3, 5, TOMORROW))).toMatchObject({ state: { usedCount: 3 } });
      expect(await store.reserve(daily(1, 99, TODAY))).toMatchObject({ kind: "refused" });
      expect(await store.read()).toMatchObject({ day: TOMORROW, usedCount: 3 });
    });

    test("a block that no day can take is refused on a new day, too", async () => {
      expect(await store.reserve(daily(6, 5))).toMatchObject({ kind: "refused" });
    });

    test("gives back to the day of the reservation only", async () => {
      await store.reserve(daily(5, 5));
      await store.giveBack(TODAY, 2);
      expect(await store.reserve(daily(2, 5))).toMatchObject({ kind: "reserved", state: { usedCount: 5 } });
      await store.reserve(daily(1, 5, TOMORROW));
      await store.giveBack(TODAY, 2);
      expect(await store.read()).toMatchObject({ day: TOMORROW, usedCount: 1 });
    });

    test("a day is marked as told once", async () => {
      expect(await store.markTold(TODAY)).toBe(true);
      expect(await store.markTold(TODAY)).toBe(false);
      expect(await store.markTold(TOMORROW)).toBe(true);
      expect(await store.read()).toEqual(NOTHING);
    });

    test("a spacing that a deploy has made shorter begins so long after the last start, and a longer one after the next", async () => {
      const spacedBy = (intervalMs: number, longestMs = intervalMs): QuotaRequest => ({
        count: 1,
        nowMs: NOON_MS,
        spacing: { intervalMs, longestMs, aheadMaxMs: 5_000 },
      });
      expect(await store.reserve(spacedBy(3_600_000))).toMatchObject({ firstAtMs: NOON_MS });
      expect(await store.reserve(spacedBy(3_600_000))).toMatchObject({ kind: "refused" });
      expect(await store.reserve(spacedBy(100.25))).toMatchObject({
        firstAtMs: NOON_MS + 100.25,
        state: { freeFromMs: NOON_MS + 200.5, intervalMs: 100.25 },
      });
      expect(await store.reserve(spacedBy(1_000))).toMatchObject({
        firstAtMs: NOON_MS + 200.5,
        state: { freeFromMs: NOON_MS + 1_200.5, intervalMs: 1_000 },
      });
    });

    test("a lane that owes less takes instants in between, and leaves the other lane what it had next", async () => {
      const ask = (count: number, nowMs: number, intervalMs: number) =>
        store.reserve({ count, nowMs, spacing: { intervalMs, longestMs: 40_000, aheadMaxMs: 5_000 } });
      await ask(1, NOON_MS, 40_000);
      expect(await ask(2, NOON_MS, 100.25)).toMatchObject({
        firstAtMs: NOON_MS + 100.25,
        state: { freeFromMs: NOON_MS + 40_000, intervalMs: 39_799.5 },
      });
      expect(await ask(1, NOON_MS, 100.25)).toMatchObject({ firstAtMs: NOON_MS + 300.75 });
      expect(await ask(1, NOON_MS + 20_000, 100.25)).toMatchObject({ firstAtMs: NOON_MS + 20_000 });
      expect(await ask(1, NOON_MS + 34_000, 40_000)).toMatchObject({
        kind: "refused",
        state: { freeFromMs: NOON_MS + 40_000 },
      });
      expect(await ask(2, NOON_MS + 39_950, 100.25)).toMatchObject({
        firstAtMs: NOON_MS + 39_950,
        state: { freeFromMs: NOON_MS + 40_150.5, intervalMs: 100.25 },
      });
      expect(await ask(1, NOON_MS + 39_950, 40_000)).toMatchObject({ firstAtMs: NOON_MS + 40_150.5 });
    });

    test("a day of another kind begins with all that may have been started in it", async () => {
      const other = { name: TODAY, kind: "UTC 09:00", startsAtMs: MIDNIGHT_MS + 9 * 3_600_000 };
      const dailyOf = (count: number, usedAtMost: number): QuotaRequest => ({
        count,
        nowMs: NOON_MS + DAY_MS,
        day: { ...other, usedAtMost },
      });
      await store.reserve(daily(5, 9));
      await store.reserve(daily(3, 9, TOMORROW));
      expect(await store.reserve(dailyOf(2, 9))).toMatchObject({ kind: "refused" });
      expect(await store.reserve(dailyOf(2, 10))).toMatchObject({
        state: { day: TODAY, dayKind: "UTC 09:00", usedCount: 10, earlierCount: 0 },
      });
      expect(await store.reserve(daily(1, 11, TOMORROW))).toMatchObject({ state: { usedCount: 11 } });
    });

    test("of days of another kind nothing counts that was over when the day began, and all of it is kept as earlier", async () => {
      await store.reserve(daily(5, 5));
      const startsAtMs = NOON_MS + 902_000;
      const begun = { name: TODAY, kind: "UTC 12:15", usedAtMost: 5 };
      const ask = (atMs: number) =>
        store.reserve({ count: 1, nowMs: atMs, day: { ...begun, startsAtMs: atMs } });
      expect(await ask(startsAtMs - 1)).toMatchObject({ kind: "refused" });
      expect(await ask(startsAtMs)).toMatchObject({ state: { usedCount: 1, earlierCount: 5 } });
    });

    test("spacing and day are one write: where one refuses the other is not charged", async () => {
      const both = { ...spaced(2, NOON_MS), day: { ...dayNamed(TODAY), usedAtMost: 3 } };
      expect(await store.reserve(both)).toMatchObject({
        kind: "reserved",
        state: { freeFromMs: NOON_MS + 200, day: TODAY, usedCount: 2 },
      });
      expect(await store.reserve(both)).toMatchObject({ kind: "refused" });
      expect(await store.read()).toMatchObject({ freeFromMs: NOON_MS + 200, day: TODAY, usedCount: 2 });
    });

    test("any calls have the answers of the store in memory", async () => {
      await fc.assert(
        fc.asyncProperty(anyCalls, async (calls) => {
          const [real, twin] = [await stores.open(), createMemoryQuotaStore()];
          for (const call of calls) {
            if ("count" in call) expect(await real.reserve(call)).toEqual(await twin.reserve(call));
            else {
              await real.giveBack(call.day, 1);
              await twin.giveBack(call.day, 1);
            }
          }
          expect(await real.read()).toEqual(await twin.read());
        }),
        { numRuns: 20 },
      );
    });

    test("many at once reserve each instant and each start of the day once", async () => {
      const openedTwice = await stores.open();
      const answers = await Promise.allSettled(
        Array.from({ length: 5 }, () =>
          openedTwice.reserve({ ...spaced(2, NOON_MS), day: { ...dayNamed(TODAY), usedAtMost: 6 } }),
        ),
      );
      const firsts = answers.flatMap((answer) =>
        answer.status === "fulfilled" && answer.value.kind === "reserved" ? [answer.value.firstAtMs] : [],
      );
      expect(firsts.toSorted((one, other) => one - other)).toEqual([NOON_MS, NOON_MS + 200, NOON_MS + 400]);
    });

    test("many at once that owe less than the other lane reserve each instant once", async () => {
      const shared = await stores.open();
      await shared.reserve({
        count: 1,
        nowMs: NOON_MS,
        spacing: { intervalMs: 40_000, longestMs: 40_000, aheadMaxMs: 0 },
      });
      const spacing = { intervalMs: 100, longestMs: 40_000, aheadMaxMs: 5_000 };
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => shared.reserve({ count: 2, nowMs: NOON_MS, spacing })),
      );
      const firsts = answers.map((answer) => (answer.kind === "reserved" ? answer.firstAtMs - NOON_MS : 0));
      expect(firsts.toSorted((one, other) => one - other)).toEqual([100, 300, 500, 700]);
    });
  });
}

const days = fc.constantFrom(TODAY, TOMORROW);
const anyCalls = fc.array(
  fc.oneof(
    fc.record({
      count: fc.integer({ min: 1, max: 4 }),
      nowMs: fc.integer({ min: NOON_MS, max: NOON_MS + 1_500 }),
      spacing: fc.constantFrom(
        { intervalMs: 100, longestMs: 100, aheadMaxMs: 700 },
        { intervalMs: 40, longestMs: 40.5, aheadMaxMs: 700 },
        { intervalMs: 40, longestMs: 200, aheadMaxMs: 700 },
      ),
      day: fc
        .record({
          day: days,
          kind: fc.constantFrom("UTC 00:00", "UTC 09:00"),
          usedAtMost: fc.integer({ min: 1, max: 12 }),
        })
        .map(({ day, kind, usedAtMost }) => ({ ...dayNamed(day), kind, usedAtMost })),
    }),
    fc.record({ day: days }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** A place that opens stores which share nothing. */
export interface StartedQuotaStores {
  open(): Promise<QuotaStore>;
  stop(): Promise<void>;
}
