import type { Clock } from "@sluice/core/ports";
import { EnqueueInterrupted, type EnqueueResult } from "@sluice/core/scheduler";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Enqueuer } from "./enqueue-until-aborted.ts";
import { type FeedProgress, type FeedStreamOptions, feedStream } from "./feed-stream.ts";

test("at any rate the records of the whole time are enqueued, each id once, in its order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0.1, 0.7, 1, 3, 5, 12.5, 100),
      fc.integer({ min: 1, max: 120 }),
      async (ratePerSecond, seconds) => {
        const harness = setUp();
        const progress = await harness.feed({ ratePerSecond, durationMs: seconds * 1_000 });
        const count = Math.floor((seconds * 1_000 * ratePerSecond) / 1_000);
        expect(progress).toEqual({ acceptedCount: count, rejectedCount: 0, elapsedMs: seconds * 1_000 });
        expect(harness.slices.flat()).toEqual(
          Array.from({ length: count }, (_, index) => `feed-${String(index + 1).padStart(6, "0")}`),
        );
      },
    ),
  );
});

test("the stream is steady: no second has more than its share", async () => {
  const harness = setUp();
  await harness.feed({ ratePerSecond: 40, durationMs: 10_000 });
  expect(new Set(harness.slices.map((slice) => slice.length))).toEqual(new Set([10]));
});

test("what a slow queue holds up is made up for", async () => {
  const harness = setUp({ enqueueMs: 3_000 });
  const { acceptedCount } = await harness.feed({ ratePerSecond: 10, durationMs: 20_000 });
  expect(acceptedCount).toBe(200);
});

test("a clock that is set back enqueues nothing twice and goes on", async () => {
  const harness: Harness = setUp({ onSlice: (index) => (index === 3 ? harness.setBack(600) : undefined) });
  const { acceptedCount } = await harness.feed({ ratePerSecond: 40, durationMs: 2_000 });
  expect(acceptedCount).toBe(80);
});

test("an abort ends it between two slices", async () => {
  const abort = new AbortController();
  const harness = setUp({ onSlice: (index) => index === 3 && abort.abort() });
  const progress = await harness.feed({ ratePerSecond: 40, signal: abort.signal });
  expect(progress).toEqual({ acceptedCount: 40, rejectedCount: 0, elapsedMs: 1_000 });
});

test("an abort within a slice counts what of it was enqueued", async () => {
  const abort = new AbortController();
  const harness = setUp({
    onSlice(index) {
      if (index !== 1) return;
      abort.abort();
      throw new EnqueueInterrupted(new Error("aborted"), resultOf(4));
    },
  });
  const { acceptedCount } = await harness.feed({ ratePerSecond: 40, signal: abort.signal });
  expect(acceptedCount).toBe(14);
});

test("a queue that refuses ends it with the queue's error", async () => {
  const refusal = new EnqueueInterrupted(new Error("no such queue"), resultOf(0));
  const harness = setUp({
    onSlice() {
      throw refusal;
    },
  });
  await expect(harness.feed({ ratePerSecond: 40 })).rejects.toBe(refusal);
});

test("rejected records are counted apart, and progress is told after each slice", async () => {
  const harness = setUp({ rejectedPerSlice: 1 });
  await harness.feed({ ratePerSecond: 40, durationMs: 500 });
  expect(harness.told).toEqual([
    { acceptedCount: 9, rejectedCount: 1, elapsedMs: 250 },
    { acceptedCount: 18, rejectedCount: 2, elapsedMs: 500 },
  ]);
});

interface RigOptions {
  readonly enqueueMs?: number;
  readonly rejectedPerSlice?: number;
  onSlice?(index: number): unknown;
}

interface Harness {
  readonly slices: unknown[][];
  readonly told: FeedProgress[];
  setBack(byMs: number): void;
  feed(options: Partial<FeedStreamOptions>): Promise<FeedProgress>;
}

function setUp({ enqueueMs = 0, rejectedPerSlice = 0, onSlice }: RigOptions = {}): Harness {
  const slices: unknown[][] = [];
  const told: FeedProgress[] = [];
  let nowMs = 1_000_000;
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: async (durationMs) => {
      nowMs += durationMs;
    },
  };
  const scheduler: Enqueuer = {
    async enqueue(records) {
      const slice = await Array.fromAsync(records as Iterable<unknown>);
      slices.push(slice);
      nowMs += enqueueMs;
      onSlice?.(slices.length - 1);
      return resultOf(slice.length - rejectedPerSlice, rejectedPerSlice);
    },
  };
  return {
    slices,
    told,
    setBack(byMs) {
      nowMs -= byMs;
    },
    feed: (options) =>
      feedStream(scheduler, {
        ratePerSecond: 1,
        durationMs: Number.POSITIVE_INFINITY,
        idPrefix: "feed",
        clock,
        signal: new AbortController().signal,
        onProgress: (progress) => told.push(progress),
        ...options,
      }),
  };
}

function resultOf(accepted: number, rejectedCount = 0): EnqueueResult {
  const rejected = Array.from({ length: rejectedCount }, () => ({ index: 0, id: "x", reason: "none" }));
  return { runId: "run", accepted, duplicatesInRun: 0, rejected, rejectedCount };
}
