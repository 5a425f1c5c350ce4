import type { RunStatus } from "@sluice/core/runs";
import { expect, test } from "vitest";
import { createRunProgress, type Glance } from "./run-progress.ts";

const GLANCE: Glance = { servedCount: 0, requestCount: 0, inFlightCount: 0, queuedCount: 1_100 };

function setUp(settings: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  const written: string[] = [];
  let nowMs = 1_000_000;
  const progress = createRunProgress(
    { ...settings, write: (text) => written.push(text) },
    { totalCount: 1_000, maxConcurrency: 10, nowMs: () => nowMs },
  );
  return {
    written,
    progress,
    nowMs: () => nowMs,
    showAfter(afterMs: number, glance: Partial<Glance>) {
      nowMs += afterMs;
      progress.show({ ...GLANCE, ...glance });
    },
  };
}

test("without a terminal the first line comes at once, and then one every 5 s, with the time that is left", () => {
  const { written, showAfter } = setUp();
  showAfter(0, {});
  showAfter(4_999, { servedCount: 90 });
  showAfter(1, { servedCount: 100, inFlightCount: 7, queuedCount: 1_000 });
  expect(written).toEqual([
    "00:00  fetched 0 of 1,000 (0 %) · 0/s · in flight 0 of 10 · queued 1,100\n",
    "00:05  fetched 100 of 1,000 (10 %) · 20/s, done in 00:45 · in flight 7 of 10 · queued 1,000\n",
  ]);
});

test("the ledger knows better when the run will be done", () => {
  const { written, showAfter, nowMs } = setUp();
  showAfter(0, {});
  const run = { counts: { dead: 0 }, endsAtMs: nowMs() + 5_000 + 71_000 } as RunStatus;
  showAfter(5_000, { servedCount: 100, run });
  expect(written.at(-1)).toContain("20/s, done in 01:11 ·");
});

test("an end that is not sure says by how much", () => {
  const { written, showAfter, nowMs } = setUp();
  showAfter(0, {});
  const run = { counts: { dead: 0 }, endsAtMs: nowMs() + 76_000, endUnsureMs: 25_000 } as RunStatus;
  showAfter(5_000, { servedCount: 100, run });
  expect(written.at(-1)).toContain("20/s, done in 01:11, give or take 00:25 ·");
});

test("an end that is due, with nothing fetched, is told no longer", () => {
  const { written, showAfter, nowMs } = setUp();
  showAfter(0, {});
  const run = { counts: { dead: 0 }, endsAtMs: nowMs() + 5_200 } as RunStatus;
  showAfter(5_000, { run });
  expect(written.at(-1)).toContain("(0 %) · 0/s · in flight");
});

test("dead records are not waited for", () => {
  const { written, showAfter } = setUp();
  showAfter(0, { servedCount: 890 });
  showAfter(5_000, { servedCount: 990, run: { counts: { dead: 10 } } as RunStatus });
  expect(written.at(-1)).toContain("20/s · in flight");
});

test("a wait for the next attempt says how many wait, and for how long", () => {
  const { written, showAfter, nowMs } = setUp();
  showAfter(0, { queuedCount: 1, retry: { count: 1, nextAtMs: nowMs() + 11_500 } });
  expect(written).toEqual([
    "00:00  fetched 0 of 1,000 (0 %) · waiting for a retry (1), 12 s · in flight 0 of 10 · queued 1\n",
  ]);
});

test("on a terminal one line is written over, and what is said stays", () => {
  const { written, progress, showAfter } = setUp({ isTTY: true, columns: 40 });
  showAfter(0, {});
  progress.say("Enqueued");
  showAfter(250, {});
  progress.end();
  const cut = "00:00  fetched 0 of 1,000 (0 %) · 0/s · ".slice(0, 39);
  expect(written).toEqual([`\r\u001b[K${cut}`, "\n", "Enqueued\n", `\r\u001b[K${cut}`, "\n"]);
});
