import type { NewRun, RunPlan, RunStore } from "@sluice/core/ports";
import { createMemoryRunStore } from "@sluice/core/storage/memory";
import { NOON_MS } from "@sluice/testing/fake-clock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const NIGHT: NewRun = {
  runId: "night",
  correlationId: "night",
  lane: "records",
  createdAtMs: NOON_MS,
  plannedCount: 2,
  digest: "d2",
  isSealed: false,
};
const MORE: RunPlan = { fromCount: 2, plannedCount: 5, digest: "d5", isSealed: false, sentCount: 2 };
const LAST: RunPlan = { fromCount: 5, plannedCount: 6, digest: "d6", isSealed: true, sentCount: 5 };
const COUNTS = { fetched: 4, fetchedBefore: 1, dead: 1, expired: 0, cancelled: 0 };
const DONE = { completedAtMs: NOON_MS + 9, counts: COUNTS, isAnnounced: true };
const FIRST_PART = { level: 0, index: 0 };

/** What every {@link RunStore} must do. `start` makes a place with stores, each of another provider. */
export function describeRunStore(name: string, start: () => Promise<StartedRunStores>): void {
  describe(`run store: ${name}`, () => {
    let stores: StartedRunStores;
    let store: RunStore;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    test("a run that nobody has opened is not there", async () => {
      expect(await store.read("night")).toBeUndefined();
      expect(await store.cancel("night", NOON_MS)).toBeUndefined();
      await store.markSent("night", 7);
      expect(await store.complete("night", DONE)).toBeUndefined();
      expect(await store.plan("night", MORE)).toBe("refused");
      expect(await store.read("night")).toBeUndefined();
      expect(await listed(store.parts("night"))).toEqual([]);
      expect(await listed(store.lost("night"))).toEqual([]);
    });

    test("is opened once, and says how it is to whoever opens it again", async () => {
      expect(await store.open(NIGHT)).toEqual({ ...NIGHT, sentCount: 0 });
      expect(await store.open({ ...NIGHT, digest: "another", plannedCount: 9 })).toEqual({
        ...NIGHT,
        sentCount: 0,
      });
      expect(await store.read("night")).toEqual({ ...NIGHT, sentCount: 0 });
    });

    test.each(["a b", "\u0000", "🦊".repeat(512), "sha256:a", "A", "a"])(
      "may be called %j",
      async (runId) => {
        await store.open({ ...NIGHT, runId });
        expect(await store.read(runId)).toMatchObject({ runId });
        expect(await store.read(`${runId}.`)).toBeUndefined();
      },
    );

    test("takes records in from where it is, and a repeat changes nothing", async () => {
      await store.open(NIGHT);
      expect(await store.plan("night", MORE)).toBe("planned");
      expect(await store.plan("night", MORE)).toBe("planned");
      expect(await store.plan("night", { ...MORE, digest: "other" })).toBe("refused");
      expect(await store.plan("night", LAST)).toBe("planned");
      expect(await store.plan("night", { ...LAST, fromCount: 6, plannedCount: 7 })).toBe("refused");
      expect(await store.read("night")).toMatchObject({ plannedCount: 6, isSealed: true, sentCount: 5 });
    });

    test("takes none in once it is cancelled; the first time counts", async () => {
      await store.open(NIGHT);
      expect(await store.cancel("night", NOON_MS + 1)).toMatchObject({ cancelledAtMs: NOON_MS + 1 });
      expect(await store.cancel("night", NOON_MS + 2)).toMatchObject({ cancelledAtMs: NOON_MS + 1 });
      expect(await store.plan("night", MORE)).toBe("refused");
    });

    test("what was sent only grows", async () => {
      await store.open(NIGHT);
      await store.markSent("night", 2);
      await store.markSent("night", 1);
      expect(await store.read("night")).toMatchObject({ sentCount: 2 });
    });

    test("is completed once, announced or not, and can't be cancelled then", async () => {
      await store.open({ ...NIGHT, isSealed: true });
      await store.complete("night", { ...DONE, isAnnounced: false });
      expect((await store.read("night"))?.completion).toEqual({ ...DONE, isAnnounced: false });
      await store.complete("night", { ...DONE, completedAtMs: NOON_MS + 99 });
      await store.complete("night", { ...DONE, completedAtMs: 1, isAnnounced: false });
      expect((await store.cancel("night", NOON_MS))?.cancelledAtMs).toBeUndefined();
      expect((await store.read("night"))?.completion).toEqual(DONE);
    });

    test("others are told once that it will be late", async () => {
      await store.markLate("night", NOON_MS);
      expect(await store.read("night")).toBeUndefined();
      await store.open(NIGHT);
      await store.markLate("night", NOON_MS + 3);
      expect(await store.read("night")).toMatchObject({ lateToldAtMs: NOON_MS + 3 });
    });

    test("marks of a part add up, and one that is made twice is one", async () => {
      const first = await store.mark("night", FIRST_PART, { fetched: [1, 0], dead: [7] }, NOON_MS);
      expect(first).toMatchObject({ ...FIRST_PART, firstAtMs: NOON_MS, lastAtMs: NOON_MS });
      const marked = await store.mark("night", FIRST_PART, { fetched: [1, 2], expired: [7] }, NOON_MS + 5);
      expect(sorted(marked.marks)).toEqual({ fetched: [0, 1, 2], dead: [7], expired: [7] });
      expect(marked).toMatchObject({ firstAtMs: NOON_MS, lastAtMs: NOON_MS + 5 });
      const { marks = {}, ...part } = (await store.part("night", FIRST_PART)) ?? {};
      expect({ ...part, marks: sorted(marks) }).toEqual({ ...marked, marks: sorted(marked.marks) });
      expect(await store.part("night", { level: 1, index: 0 })).toBeUndefined();
    });

    test("lists the parts of the records, of one run alone", async () => {
      for (const index of [0, 1, 12])
        await store.mark("night", { level: 0, index }, { fetched: [3] }, NOON_MS);
      await store.mark("night", { level: 1, index: 0 }, { full: [0] }, NOON_MS);
      await store.mark("day", FIRST_PART, { fetched: [3] }, NOON_MS);
      for (const reading of ["cheap", "exact"] as const) {
        const parts = await listed(store.parts("night", reading));
        expect(parts.map(({ index }) => index).toSorted((one, other) => one - other)).toEqual([0, 1, 12]);
      }
    });

    test("keeps lost records by name, in the order of their numbers, and once", async () => {
      const lost = (number: number, cause: string) => {
        return { number, end: "dead", recordId: `r\u0000${number}`, cause, atMs: NOON_MS } as const;
      };
      await store.keepLost("night", [lost(11, "HTTP 500"), lost(9, "HTTP 404")]);
      await store.keepLost("night", [lost(11, "HTTP 500")]);
      expect(await listed(store.lost("night"))).toEqual([lost(9, "HTTP 404"), lost(11, "HTTP 500")]);
    });

    test("runs are watched until they are let go", async () => {
      expect(await store.watched()).toEqual([]);
      for (const runId of ["a", "b", "a"]) await store.watch(runId);
      expect((await store.watched()).toSorted()).toEqual(["a", "b"]);
      for (const runId of ["a", "b", "c"]) await store.unwatch(runId);
      expect(await store.watched()).toEqual([]);
    });

    test("any calls leave what they leave in memory", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { maxLength: 12 }), async (calls) => {
          const [real, twin] = [await stores.open(), createMemoryRunStore()];
          for (const call of calls) expect(await call(real)).toEqual(await call(twin));
          expect(await real.read("night")).toEqual(await twin.read("night"));
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** A place with stores. */
export interface StartedRunStores {
  /** A store without any run. */
  open(): Promise<RunStore>;
  stop(): Promise<void>;
}

const counts = fc.integer({ min: 0, max: 3 });
const anyCall: fc.Arbitrary<(store: RunStore) => Promise<unknown>> = fc.oneof(
  fc.tuple(counts, fc.boolean()).map(
    ([plannedCount, isSealed]) =>
      (store: RunStore) =>
        store.open({ ...NIGHT, plannedCount, isSealed }),
  ),
  fc.tuple(counts, counts, fc.boolean()).map(
    ([fromCount, plannedCount, isSealed]) =>
      (store: RunStore) =>
        store.plan("night", { ...MORE, fromCount, plannedCount, digest: `d${plannedCount}`, isSealed }),
  ),
  counts.map((sentCount) => (store: RunStore) => store.markSent("night", sentCount)),
  counts.map((atMs) => (store: RunStore) => store.cancel("night", NOON_MS + atMs)),
  fc.tuple(counts, fc.boolean()).map(
    ([atMs, isAnnounced]) =>
      (store: RunStore) =>
        store.complete("night", { ...DONE, completedAtMs: NOON_MS + atMs, isAnnounced }),
  ),
  fc
    .tuple(counts, fc.constantFrom("fetched", "dead", "full"))
    .map(([place, name]) => async (store: RunStore) => {
      const { marks, ...part } = await store.mark("night", FIRST_PART, { [name]: [place] }, NOON_MS);
      return { ...part, marks: sorted(marks) };
    }),
);

async function listed<T>(rows: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(rows);
}

function sorted(marks: Readonly<Record<string, readonly number[]>>): Record<string, readonly number[]> {
  const entries = Object.entries(marks).map(([name, places]) => [name, places.toSorted((a, b) => a - b)]);
  return Object.fromEntries(entries);
}
