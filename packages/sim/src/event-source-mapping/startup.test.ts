import { expect, test } from "vitest";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { createCounters } from "./counters.ts";
import type { QueuedMessage } from "./mapping-queue.ts";
import { createPollers } from "./pollers.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { startupCeiling } from "./startup.ts";

const STEPS = [
  { afterSeconds: 0, concurrency: 2 },
  { afterSeconds: 10, concurrency: 5 },
  { afterSeconds: 30, concurrency: 8 },
];

test.each([
  [0, 2],
  [9.9, 2],
  [10, 5],
  [29.9, 5],
  [30, Number.POSITIVE_INFINITY],
])("after %d s the bound is %d", (seconds, concurrency) => {
  expect(startupCeiling(STEPS, seconds * 1_000)).toBe(concurrency);
});

test("before the first step one batch may run, and without steps there is no bound", () => {
  expect(startupCeiling([{ afterSeconds: 5, concurrency: 3 }], 0)).toBe(1);
  expect(startupCeiling([], 0)).toBe(Number.POSITIVE_INFINITY);
});

test("polling grows by the steps each time that it starts, even where no batch ends meanwhile", async () => {
  const clock = createVirtualClock(0);
  const message = {} as QueuedMessage;
  let isEnabled = true;
  const pollers = createPollers({
    clock,
    queue: { visibilityTimeoutMs: 1, receive: async () => [message], deleteMessages: async () => [] },
    counters: createCounters(),
    stopping: new AbortController().signal,
    settings: () => ({ ...DEFAULT_SETTINGS, isEnabled, maximumConcurrency: 12 }),
    workOn: () => clock.sleep(45_000),
    startup: () => STEPS,
  });
  const running: number[] = [];
  const restart = () => {
    isEnabled = true;
    pollers.refresh();
  };
  clock.at(0, pollers.refresh);
  clock.at(31_000, () => {
    isEnabled = false;
    pollers.refresh();
  });
  clock.at(100_000, restart);
  for (const second of [5, 15, 31, 105, 115, 131])
    clock.at(second * 1_000, () => void running.push(pollers.batchesInFlight()));
  await clock.run(131_000);
  expect(running).toEqual([2, 5, 12, 2, 5, 12]);
});
