import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSchedulerHarness, idsIn, never } from "./fakes/scheduler-harness.ts";

test("records of a producer that pauses are sent within a second, and those after them too", async () => {
  const { scheduler, clock, records } = createSchedulerHarness();
  const more = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<string> {
    yield* ["a", "b", "c"];
    await more.promise;
    yield "d";
    await never();
  }
  void scheduler.enqueue(slow());
  await setImmediate();
  expect(idsIn(records)).toEqual([]);
  clock.advance(1_000);
  await setImmediate();
  expect(idsIn(records)).toEqual(["a", "b", "c"]);

  more.resolve();
  await setImmediate();
  expect(idsIn(records)).toEqual(["a", "b", "c"]);
  clock.advance(1_000);
  await setImmediate();
  expect(idsIn(records)).toEqual(["a", "b", "c", "d"]);
});

test("a record waits for others less than a second, whenever it comes", async () => {
  const { scheduler, clock, records } = createSchedulerHarness();
  const readAtMs = new Map<string, number>();
  const waitsMs: number[] = [];
  let give = (_: string): void => {};
  async function* input(): AsyncGenerator<string> {
    for (;;) yield await new Promise<string>((resolve) => (give = resolve));
  }
  const run = scheduler.enqueue(input());
  run.catch(() => {});
  let sentCount = 0;
  for (let step = 0; step < 200; step += 1) {
    await setImmediate();
    // A pace that fills some batches and leaves others open at every part of a second.
    if (step % 13 < 11 && step % 3 !== 2) {
      readAtMs.set(`record-${step}`, clock.nowMs());
      give(`record-${step}`);
    }
    await setImmediate();
    for (const id of idsIn(records).slice(sentCount)) {
      waitsMs.push(clock.nowMs() - (readAtMs.get(id) ?? Number.NaN));
      sentCount += 1;
    }
    clock.advance(70);
  }
  expect(waitsMs.length).toBeGreaterThan(100);
  expect(Math.max(...waitsMs)).toBeLessThanOrEqual(1_000 + 70);
  expect(records.sendCount).toBeLessThan(waitsMs.length / 3);
});

test("a fast producer fills its batches", async () => {
  const { scheduler, records } = createSchedulerHarness();
  async function* fast(): AsyncGenerator<string> {
    for (let index = 0; index < 95; index += 1) {
      await setImmediate();
      yield `record-${index}`;
    }
  }
  expect(await scheduler.enqueue(fast())).toMatchObject({ accepted: 95 });
  expect(records.sendCount).toBe(10);
});
