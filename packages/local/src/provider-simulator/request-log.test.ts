import { expect, test } from "vitest";
import { createRequestLog } from "./request-log.ts";

test("each request has its start and its end; one that is in flight ends now", () => {
  const log = createRequestLog();
  const endFirst = log.started(1_000);
  log.started(1_500);
  endFirst(2_000);
  expect(log.spans(3_000)).toEqual([
    { startedAtMs: 1_000, endedAtMs: 2_000 },
    { startedAtMs: 1_500, endedAtMs: 3_000 },
  ]);
});

test.each([
  [0, 3],
  [1_000, 3],
  [1_001, 2],
  [2_000, 1],
  [2_001, 0],
])("from %d on %d requests came", (sinceMs, count) => {
  const log = createRequestLog();
  for (const atMs of [1_000, 1_500, 2_000]) log.started(atMs);
  expect(log.startCountSince(sinceMs)).toBe(count);
});

test("before the first request there was none", () => {
  expect(createRequestLog().startCountSince(0)).toBe(0);
  expect(createRequestLog().spans(5)).toEqual([]);
});
