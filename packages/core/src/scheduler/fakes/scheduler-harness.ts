import { setImmediate } from "node:timers/promises";
import { createFakeClock, type FakeClock } from "@sluice/testing/fake-clock";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import type { Queue } from "../../ports/queue.ts";
import type { RunStore } from "../../ports/run-store.ts";
import { byLane } from "../../provider/lane.ts";
import { parseMessage } from "../../records/message.ts";
import { createMemorySchedulerStores } from "../../storage/memory-scheduler-stores.ts";
import type { SchedulerStores } from "../../storage/scheduler-stores.ts";
import type { EnqueueResult } from "../run-count.ts";
import { createScheduler, type EnqueueInterrupted, type Scheduler } from "../scheduler.ts";

/** A scheduler of provider `demo` on queues in memory, and on a clock that moves only when it is told to. */
export interface SchedulerHarness {
  readonly scheduler: Scheduler;
  readonly clock: FakeClock;
  readonly records: MemoryQueue;
  readonly express: MemoryQueue;
  readonly stores: SchedulerStores;
  readonly runs: RunStore;
  /** Number of sleeps that have not ended. */
  sleepCount(): number;
  /** Lets time pass until the run has ended; fails if it has not after `withinMs`. */
  resultOf(run: Promise<EnqueueResult>, withinMs?: number): Promise<EnqueueResult>;
  /** The error that a run ends with, waited for like a result. */
  errorOf(run: Promise<EnqueueResult>, withinMs?: number): Promise<EnqueueInterrupted>;
}

const STEP_MS = 100;
const LONG_MS = 3_600_000;

/** Makes a harness. `ofRecords` are calls of the records queue that are not the one's in memory. */
export function createSchedulerHarness(ofRecords: Partial<Queue> = {}): SchedulerHarness {
  const fakeClock = createFakeClock();
  let sleepCount = 0;
  const clock: FakeClock = {
    ...fakeClock,
    async sleep(durationMs, signal) {
      sleepCount += 1;
      await fakeClock.sleep(durationMs, signal);
      sleepCount -= 1;
    },
  };
  const records = createMemoryQueue();
  const express = createMemoryQueue();
  const stores = createMemorySchedulerStores();
  let runCount = 0;
  const scheduler = createScheduler(
    { id: "demo" },
    {
      ...stores,
      queues: { ...byLane(() => express), records: { ...records, ...ofRecords } },
      clock,
      ids: { next: () => `run-${runCount++}` },
      random: { next: () => 0.5 },
    },
  );

  async function resultOf(run: Promise<EnqueueResult>, withinMs = LONG_MS): Promise<EnqueueResult> {
    const ended = run.then(
      () => true,
      () => true,
    );
    for (let waitedMs = 0; ; waitedMs += STEP_MS) {
      if (await Promise.race([ended, setImmediate(false)])) return run;
      if (waitedMs >= withinMs) throw new Error(`the run goes on after ${withinMs} ms`);
      clock.advance(STEP_MS);
    }
  }

  async function errorOf(run: Promise<EnqueueResult>, withinMs?: number): Promise<EnqueueInterrupted> {
    const ended: unknown = await resultOf(run, withinMs).catch((thrown: unknown) => thrown);
    if (ended instanceof Error) return ended as EnqueueInterrupted;
    throw new Error(`the run has not failed: ${JSON.stringify(ended)}`);
  }

  const { runs } = stores;
  return {
    scheduler,
    clock,
    records,
    express,
    stores,
    runs,
    sleepCount: () => sleepCount,
    resultOf,
    errorOf,
  };
}

/** The ids of the records in a queue, in order; fails if the ventilator could not read one. */
export function idsIn({ entries }: Pick<MemoryQueue, "entries">): string[] {
  return entries.map(({ body }) => {
    const parsed = parseMessage(body, "demo");
    if (parsed.kind !== "message") throw new Error(parsed.cause);
    return parsed.message.recordId;
  });
}

/** Something that never comes. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
