import type { BreakerEvent, EventStore } from "@sluice/core/ports";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const HOUR_MS = 3_600_000;

/** What every {@link EventStore} must do. `start` makes a place with stores, each of another provider. */
export function describeEventStore(name: string, start: () => Promise<StartedEventStores>): void {
  describe(`event store: ${name}`, () => {
    let stores: StartedEventStores;
    let store: EventStore;

    beforeAll(async () => {
      stores = await start();
    });
    beforeEach(async () => {
      store = await stores.open();
    });
    afterAll(() => stores.stop());

    const listed = async (sinceMs: number, from = store) => Array.fromAsync(from.list(sinceMs));
    const idsSince = async (sinceMs: number) => (await listed(sinceMs)).map(({ id }) => id);

    async function appendAll(atMs: Readonly<Record<string, number>>): Promise<void> {
      for (const [id, time] of Object.entries(atMs)) await store.append(eventOf(id, time));
    }

    test("lists nothing at first", async () => {
      expect(await listed(0)).toEqual([]);
    });

    test.each<[what: string, changes: Partial<BreakerEvent>]>([
      ["a decision", { kind: "decision", details: { rule: "trip", inputs: { faults: 3 }, before: null } }],
      ["an advice", { kind: "advice", summary: "would: trip (faults 3): limit 3 → open" }],
      ["a change of a valve", { kind: "valve", summary: "records.fifo: 10 → 1, “ü” 🦊" }],
      ["a hold", { kind: "hold", details: "Retry-After" }],
      ["an order", { kind: "order", summary: "held by “anna”", details: { by: "anna", ended: {} } }],
    ])("%s is listed as it was", async (_, changes) => {
      const event = { ...eventOf("Any#id/", NOON_MS), ...changes };
      await store.append(event);
      expect(await listed(0)).toEqual([event]);
    });

    test("events are listed in the order of time, whatever the order they came in", async () => {
      await appendAll({ third: NOON_MS + 1, first: NOON_MS - 1, second: NOON_MS });
      expect(await idsSince(0)).toEqual(["first", "second", "third"]);
    });

    test("events of one instant are all listed, by id", async () => {
      await appendAll({ b: NOON_MS, a: NOON_MS, B: NOON_MS });
      expect(await idsSince(0)).toEqual(["B", "a", "b"]);
    });

    test("lists from the given instant on, which is included", async () => {
      await appendAll({ before: NOON_MS - 1, at: NOON_MS, after: NOON_MS + 1 });
      expect(await idsSince(NOON_MS)).toEqual(["at", "after"]);
      expect(await idsSince(NOON_MS + 2)).toEqual([]);
    });

    test("days and months make no difference", async () => {
      const atMs = { a: -20 * 24, b: -18 * 24, c: -24, d: -12.001, e: -12, f: 0 };
      await appendAll(
        Object.fromEntries(Object.entries(atMs).map(([id, hours]) => [id, NOON_MS + hours * HOUR_MS])),
      );
      expect(await idsSince(NOON_MS - 19 * 24 * HOUR_MS)).toEqual(["b", "c", "d", "e", "f"]);
      expect(await idsSince(NOON_MS - 12 * HOUR_MS)).toEqual(["e", "f"]);
    });

    test("an event that is appended twice is one", async () => {
      await store.append(eventOf("a", NOON_MS));
      await store.append(eventOf("a", NOON_MS));
      expect(await idsSince(0)).toEqual(["a"]);
    });

    test("more events than a page holds are all listed", async () => {
      const summary = "x".repeat(200_000);
      const ids = Array.from({ length: 12 }, (_, index) => `event-${index + 10}`);
      for (const [index, id] of ids.entries())
        await store.append({ ...eventOf(id, NOON_MS + index), summary });
      expect(await idsSince(0)).toEqual(ids);
    });

    describe("the newest", () => {
      const newest = async (count: number, sinceMs = 0, before?: { atMs: number; id: string }) =>
        (await store.latest({ count, sinceMs, before })).map(({ id }) => id);

      test("come newest first, and no more than are asked for", async () => {
        await appendAll({ b: NOON_MS - 1, a: NOON_MS - 2, c: NOON_MS });
        expect(await newest(2)).toEqual(["c", "b"]);
        expect(await newest(9)).toEqual(["c", "b", "a"]);
        expect(await store.latest({ count: 1, sinceMs: 0 })).toEqual([eventOf("c", NOON_MS)]);
      });

      test("of an empty store, or of a time without any, are none", async () => {
        expect(await newest(5)).toEqual([]);
        await appendAll({ a: NOON_MS - HOUR_MS });
        expect(await newest(5, NOON_MS)).toEqual([]);
        expect(await newest(5, 0, { atMs: NOON_MS - 30 * 24 * HOUR_MS, id: "a" })).toEqual([]);
        expect(await newest(5, NOON_MS, { atMs: NOON_MS - 1, id: "a" })).toEqual([]);
      });

      test("reach back to the given instant, which is included, over days and months", async () => {
        await appendAll({
          a: NOON_MS - 20 * 24 * HOUR_MS,
          b: NOON_MS - 18 * 24 * HOUR_MS,
          c: NOON_MS - 12 * HOUR_MS,
          d: NOON_MS,
        });
        expect(await newest(9, NOON_MS - 18 * 24 * HOUR_MS)).toEqual(["d", "c", "b"]);
        expect(await newest(9, NOON_MS - 12 * HOUR_MS)).toEqual(["d", "c"]);
        expect(await newest(9, NOON_MS - 12 * HOUR_MS + 1)).toEqual(["d"]);
      });

      test("before an event go on where it stands, within one instant too, and without it", async () => {
        await appendAll({ c: NOON_MS, b: NOON_MS, a: NOON_MS, z: NOON_MS - 1, y: NOON_MS - 25 * HOUR_MS });
        expect(await newest(9, 0, { atMs: NOON_MS, id: "c" })).toEqual(["b", "a", "z", "y"]);
        expect(await newest(2, 0, { atMs: NOON_MS, id: "b" })).toEqual(["a", "z"]);
        expect(await newest(9, 0, { atMs: NOON_MS - 1, id: "z" })).toEqual(["y"]);
      });

      test("before an event that is there no more go on all the same", async () => {
        await appendAll({ c: NOON_MS, a: NOON_MS });
        expect(await newest(1, 0, { atMs: NOON_MS, id: "b" })).toEqual(["a"]);
      });

      test("taken page by page are all of them", async () => {
        const summary = "x".repeat(200_000);
        const ids = Array.from({ length: 12 }, (_, index) => `event-${index + 10}`);
        for (const [index, id] of ids.entries())
          await store.append({ ...eventOf(id, NOON_MS - 6 + index), summary });
        const seen: string[] = [];
        let before: BreakerEvent | undefined;
        do {
          const page = await store.latest({ count: 5, sinceMs: 0, before });
          seen.push(...page.map(({ id }) => id));
          before = page.at(-1);
        } while (before !== undefined);
        expect(seen).toEqual(ids.toReversed());
      });
    });

    test("providers don't see each other's events", async () => {
      await store.append(eventOf("mine", NOON_MS));
      expect(await listed(0, await stores.open())).toEqual([]);
    });
  });
}

/** A place with stores under test, whose clock stands at noon. */
export interface StartedEventStores {
  /** An empty store of another provider than those opened before. */
  open(): Promise<EventStore>;
  stop(): Promise<void>;
}

/** Any event. */
export function eventOf(id: string, atMs: number): BreakerEvent {
  return { id, atMs, kind: "decision", summary: `of ${id}`, details: { rule: "raise" } };
}
