import { expect, test } from "vitest";
import { createRetryAfterWatch } from "./retry-after-watch.ts";

test("is closed from the grace's end until the announced instant", () => {
  const watch = createRetryAfterWatch(1_000);
  watch.announce(0, 10_000);
  expect([0, 1_000, 1_001, 9_999, 10_000].map(watch.isClosed)).toEqual([false, false, true, true, false]);
});

test("an announcement shorter than the grace closes nothing", () => {
  const watch = createRetryAfterWatch(1_000);
  watch.announce(0, 1_000);
  expect([500, 1_000, 1_001].map(watch.isClosed)).toEqual([false, false, false]);
});

test("a later announcement extends an earlier one without a new grace, and never shortens it", () => {
  const watch = createRetryAfterWatch(1_000);
  watch.announce(0, 10_000);
  watch.announce(9_000, 10_000);
  watch.announce(9_500, 2_000);
  expect([10_000, 10_001, 18_999, 19_000].map(watch.isClosed)).toEqual([true, true, true, false]);
});

test("between two announcements that do not meet it is open", () => {
  const watch = createRetryAfterWatch(1_000);
  watch.announce(0, 5_000);
  watch.announce(4_500, 5_000);
  expect([4_999, 5_200, 5_501, 9_500].map(watch.isClosed)).toEqual([true, false, true, false]);
});
