import { setImmediate } from "node:timers/promises";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
import fc from "fast-check";
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

test("a record waits for others less than a second, at whatever pace they come", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }), async (pausesMs) => {
      const { scheduler, clock, records } = createSchedulerHarness();
      const readAtMs = new Map<string, number>();
      let give = (_: string): void => {};
      async function* input(): AsyncGenerator<string> {
        for (;;) {
          yield await new Promise<string>((resolve) => {
            give = resolve;
          });
        }
      }
      void scheduler.enqueue(input());
      let sentCount = 0;
      const passTime = async (durationMs: number) => {
        for (let leftMs = durationMs; leftMs > 0; leftMs -= 50) {
          clock.advance(Math.min(50, leftMs));
          await setImmediate();
          for (const id of idsIn(records).slice(sentCount)) {
            expect(clock.nowMs() - (readAtMs.get(id) ?? 0)).toBeLessThanOrEqual(1_000);
          }
          sentCount = records.entries.length;
        }
      };
      for (const [index, pauseMs] of pausesMs.entries()) {
        await setImmediate();
        readAtMs.set(`record-${index}`, clock.nowMs());
        give(`record-${index}`);
        await setImmediate();
        await passTime(pauseMs);
      }
      await passTime(1_000);
      expect(sentCount).toBe(pausesMs.length);
    }),
  );
});

test("a batch has time to fill, though the timer began with one before it", async () => {
  const { scheduler, clock, records } = createSchedulerHarness();
  let give = (_: string): void => {};
  async function* input(): AsyncGenerator<string> {
    for (;;) {
      yield await new Promise<string>((resolve) => {
        give = resolve;
      });
    }
  }
  void scheduler.enqueue(input(), { concurrency: 1 });
  for (let index = 0; index < 15; index += 1) {
    await setImmediate();
    give(`record-${index}`);
    await setImmediate();
    if (index === 9) clock.advance(450);
    else if (index > 9) clock.advance(40);
  }
  await setImmediate();
  expect(records.entries).toHaveLength(10);
});

test("a record that comes while a waiting batch has no room yet is sent after it", async () => {
  const queue = createMemoryQueue();
  const room = Promise.withResolvers<void>();
  const { scheduler, clock, resultOf } = createSchedulerHarness({
    async send(entries) {
      await room.promise;
      return queue.send(entries);
    },
  });
  const last = Promise.withResolvers<void>();
  async function* input(): AsyncGenerator<string> {
    for (let index = 0; index < 11; index += 1) yield `record-${index}`;
    await last.promise;
    yield "last";
  }
  const run = scheduler.enqueue(input(), { concurrency: 1 });
  await setImmediate();
  clock.advance(1_000);
  await setImmediate();
  last.resolve();
  await setImmediate();
  room.resolve();
  expect(await resultOf(run)).toMatchObject({ accepted: 12 });
  expect(idsIn(queue).at(-1)).toBe("last");
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
