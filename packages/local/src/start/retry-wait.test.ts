import { expect, test } from "vitest";
import { retryWaitOf, type WaitingRoom } from "./retry-wait.ts";

const queueOf = (
  visibleCount: number,
  inFlightCount: number,
  nextAtMs = Number.POSITIVE_INFINITY,
): WaitingRoom => ({
  depth: () => ({ visibleCount, inFlightCount }),
  size: () => visibleCount + inFlightCount,
  nextRevealAtMs: () => nextAtMs,
});

test.each([
  [
    "hidden messages of all queues wait for the first of them",
    [queueOf(0, 2, 7_000), queueOf(0, 1, 5_000)],
    3,
  ],
  ["an empty queue beside them changes nothing", [queueOf(0, 0), queueOf(0, 1, 5_000)], 1],
])("%s", (_, queues, count) => {
  expect(retryWaitOf(queues)).toEqual({ count, nextAtMs: 5_000 });
});

test.each([
  ["a message that can be seen", [queueOf(1, 0), queueOf(0, 1, 5_000)]],
  ["no message at all", [queueOf(0, 0), queueOf(0, 0)]],
])("%s is no wait", (_, queues) => {
  expect(retryWaitOf(queues)).toBeUndefined();
});
