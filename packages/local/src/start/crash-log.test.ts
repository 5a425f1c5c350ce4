import { expect, test } from "vitest";
import { createCrashLog } from "./crash-log.ts";

const payloadOf = (errorMessage: string, trace?: readonly string[]) =>
  JSON.stringify({ errorType: "Error", errorMessage, trace });

const BOOM = payloadOf("boom: two lines", [
  "Error: boom:",
  "  two lines",
  "    at load (/a/worker.ts:3:7)",
  "    at node:internal",
]);

test("a crash is told once, by its message and the place that threw, and counted each time", () => {
  const log = createCrashLog();
  const told: unknown[] = [];
  log.note("worker", BOOM);
  log.onFirst((crash) => told.push(crash));
  log.note("worker", BOOM);
  log.note("waker", BOOM);
  log.note("worker", payloadOf("exit status 3"));
  const text = "Error: boom: two lines (at load (/a/worker.ts:3:7))";
  expect(told).toEqual([
    { functionName: "worker", text, count: 1 },
    { functionName: "waker", text, count: 1 },
    { functionName: "worker", text: "Error: exit status 3", count: 1 },
  ]);
  expect(log.crashes().map(({ count }) => count)).toEqual([2, 1, 1]);
});

test("crashes that are never the same don't flood anything", () => {
  const log = createCrashLog();
  for (let record = 0; record < 1_000; record += 1) log.note("worker", payloadOf(`no ${record}`));
  log.note("worker", payloadOf("no 0"));
  expect(log.crashes()).toHaveLength(10);
  expect(log.crashes()[0]?.count).toBe(2);
});

test("a long message is cut off", () => {
  const log = createCrashLog();
  log.note("worker", payloadOf("x".repeat(10_000)));
  expect(log.crashes()[0]?.text.length).toBeLessThan(500);
});
