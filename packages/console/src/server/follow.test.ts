import type { BreakerEvent } from "@sluice/core/ports";
import { createMemoryEventStore, createMemoryHistoryStore } from "@sluice/core/storage/memory";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { quietSnapshot } from "@sluice/testing/quiet-snapshot";
import { watchCalls } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { followMarks, followPoints } from "./follow.ts";

const HOUR_MS = 3_600_000;
const LATE_MAX_MS = 30_000;

function eventAt(atMs: number, id = `event-${atMs}`): BreakerEvent {
  return { id, atMs, kind: "decision", summary: "", details: null };
}

test("marks that are followed are those that a fresh look sees, however late each event is seen", async () => {
  const news = fc.array(
    fc.record({
      aheadMs: fc.integer({ min: 0, max: HOUR_MS / 2 }),
      lateMs: fc.integer({ min: 0, max: LATE_MAX_MS }),
    }),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(news, async (steps) => {
      const store = createMemoryEventStore();
      const look = followMarks(store, HOUR_MS);
      let nowMs = NOON_MS;
      for (const [index, { aheadMs, lateMs }] of steps.entries()) {
        await look(nowMs);
        nowMs += aheadMs;
        await store.append(eventAt(nowMs - lateMs, `event-${index}`));
      }
      const seen = (await look(nowMs)).marks.map(({ id }) => id);
      const fresh = (await followMarks(store, HOUR_MS)(nowMs)).marks.map(({ id }) => id);
      expect(new Set(seen)).toEqual(new Set(fresh));
    }),
  );
});

test("of very many events the newest are marked, and since when they are is said", async () => {
  const store = createMemoryEventStore();
  for (let index = 0; index < 1_500; index += 1) await store.append(eventAt(NOON_MS - index * 1_000));
  const look = followMarks(store, HOUR_MS);
  const first = await look(NOON_MS);
  expect(first.marks).toHaveLength(1_000);
  expect(first.marksSinceMs).toBe(NOON_MS - 999_000);
  await store.append(eventAt(NOON_MS + 1));
  const later = await look(NOON_MS + 1);
  expect(later.marks).toHaveLength(1_000);
  expect(later.marks.at(-1)).toMatchObject({ atMs: NOON_MS + 1 });
  expect(later.marksSinceMs).toBe(NOON_MS - 998_000);
});

test("a few events are all marked, and the time before them is not said to be cut off", async () => {
  const store = createMemoryEventStore();
  await store.append(eventAt(NOON_MS - HOUR_MS - 1));
  await store.append(eventAt(NOON_MS - HOUR_MS));
  expect(await followMarks(store, HOUR_MS)(NOON_MS)).toEqual({
    marks: [{ id: `event-${NOON_MS - HOUR_MS}`, atMs: NOON_MS - HOUR_MS, kind: "decision" }],
  });
});

test("a later look reads what is new alone", async () => {
  const asked: number[] = [];
  const { port, calls } = watchCalls(createMemoryEventStore());
  const store = {
    ...port,
    async *list(sinceMs: number) {
      asked.push(sinceMs);
      yield* [];
    },
  };
  const look = followMarks(store, HOUR_MS);
  await look(NOON_MS);
  await look(NOON_MS + 2_000);
  await look(NOON_MS + 4_000);
  expect(calls).toEqual(["latest"]);
  expect(asked).toEqual([NOON_MS - LATE_MAX_MS, NOON_MS + 2_000 - LATE_MAX_MS]);
});

test("a history that is followed is the one that a fresh look sees, and is read once", async () => {
  const store = createMemoryHistoryStore();
  const asked: number[] = [];
  const look = followPoints(
    {
      list(sinceMs, untilMs) {
        asked.push(sinceMs);
        return store.list(sinceMs, untilMs);
      },
    },
    HOUR_MS,
  );
  for (let minute = 0; minute < 90; minute += 1) {
    const nowMs = NOON_MS + minute * 60_000;
    await store.append(quietSnapshot(nowMs, 10 * minute));
    const seen = await look(nowMs);
    expect(seen).toEqual(await followPoints(store, HOUR_MS)(nowMs));
    expect(seen).toHaveLength(Math.min(60, minute));
  }
  expect(asked.at(-1)).toBe(NOON_MS + 88 * 60_000 - LATE_MAX_MS);
});

test("a fortnight is thinned, but for each minute at which the phase changes, and loses no call", async () => {
  const store = createMemoryHistoryStore();
  const minutes = 14 * 24 * 60;
  const trippedAt = 7_777;
  for (let minute = 0; minute < minutes; minute += 1) {
    const phase = minute === trippedAt ? "open" : "closed";
    await store.append({ ...quietSnapshot(NOON_MS + minute * 60_000, 10 * minute), phase });
  }
  const points = await followPoints(store, 15 * 24 * HOUR_MS)(NOON_MS + minutes * 60_000);
  expect(points.length).toBeGreaterThan(600);
  expect(points.length).toBeLessThan(800);
  const [open, ...others] = points.filter(({ phase }) => phase === "open");
  expect(others).toEqual([]);
  expect(open?.atMs).toBe(NOON_MS + trippedAt * 60_000);
  for (const { perMinute } of points) expect(perMinute.ok).toBeCloseTo(10);
});
