import { createFakeClock } from "@sluice/testing/fake-clock";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { silentLog } from "@sluice/testing/silent-log";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { RECEIVE_COUNT_MAX, RETENTION_MAX_MS } from "../aws-bounds.ts";
import type { SendFailure, VisibilityChange } from "../ports/queue.ts";
import { batchTimesOf } from "./batch-times.ts";
import { ACKNOWLEDGE, handBack } from "./disposition.ts";
import { handBackMessages } from "./hand-back-messages.ts";

const { provider } = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" })).deps;
const HOUR_MS = 3_600_000;

/** Hands back three messages, and keeps what the queue was asked for and what was logged. */
async function handBackThree(
  { afterMs = 0, visibleInMs = 5_000 },
  answer: (changes: readonly VisibilityChange[], tries: number) => readonly SendFailure[] = () => [],
) {
  const clock = createFakeClock();
  const startedAtMs = clock.nowMs();
  const times = batchTimesOf(provider, startedAtMs + 900_000, startedAtMs);
  const asked: (readonly VisibilityChange[])[] = [];
  const warnings: object[] = [];
  const queue = {
    ...createMemoryQueue(),
    async changeVisibility(changes: readonly VisibilityChange[]) {
      asked.push(changes);
      return answer(changes, asked.length);
    },
  };
  const log = {
    ...silentLog,
    warn: (message: string, fields?: object) => void warnings.push({ message, ...fields }),
  };
  clock.advance(afterMs);
  const dispositions = new Map([
    [messageFor("a"), handBack(visibleInMs)],
    [messageFor("b"), ACKNOWLEDGE],
    [messageFor("c"), handBack(visibleInMs)],
    [messageFor("d"), handBack()],
    [messageFor("e"), handBack(visibleInMs)],
  ]);
  await handBackMessages(dispositions, queue, times, { clock, log, random: { next: () => 0 } });
  return { asked, warnings, clock, startedAtMs };
}

const handles = (changes: readonly VisibilityChange[] | undefined) =>
  changes?.map(({ receiptHandle }) => receiptHandle);

test("asks for each message that is to be seen again after a while, in one call", async () => {
  const { asked, warnings } = await handBackThree({});
  expect(asked.map(handles)).toEqual([["receipt-a", "receipt-c", "receipt-e"]]);
  expect(asked[0]?.map(({ delayMs }) => delayMs)).toEqual([5_000, 5_000, 5_000]);
  expect(warnings).toEqual([]);
});

test.each([0, 60_000, 890_000])(
  "a message that was received some time before, and comes back after %i ms, is hidden for no more than twelve hours in all",
  async (afterMs) => {
    const { asked } = await handBackThree({ afterMs, visibleInMs: 24 * HOUR_MS });
    const delayMs = asked[0]?.[0]?.delayMs ?? 0;
    const heldBeforeMs = provider.queue.visibilityTimeoutMs;
    expect(heldBeforeMs + afterMs + delayMs).toBeLessThanOrEqual(12 * HOUR_MS - 5_000);
    expect(heldBeforeMs + afterMs + delayMs).toBeGreaterThan(12 * HOUR_MS - 20_000);
  },
);

test("changes that are refused for now are asked for again, and no others", async () => {
  const { asked, warnings } = await handBackThree({}, (changes, tries) => {
    const index = changes.findIndex(({ receiptHandle }) => receiptHandle === "receipt-c");
    return tries < 3 ? [{ index, reason: "InternalError", isFinal: false }] : [];
  });
  expect(asked.map(handles)).toEqual([["receipt-a", "receipt-c", "receipt-e"], ["receipt-c"], ["receipt-c"]]);
  expect(warnings).toEqual([]);
});

test("a message whose handle has expired is logged with its code, and left", async () => {
  const reason = "InvalidParameterValue: the receipt handle has expired";
  const { asked, warnings } = await handBackThree({}, () => [{ index: 0, reason, isFinal: true }]);
  expect(asked).toHaveLength(1);
  expect(warnings).toMatchObject([{ refused: [reason] }]);
});

test("more messages than a call takes are asked for in calls of ten", async () => {
  const { queue, deps } = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" }));
  const calls: number[] = [];
  const counting = {
    ...queue,
    async changeVisibility(changes: readonly VisibilityChange[]) {
      calls.push(changes.length);
      return [];
    },
  };
  const nowMs = deps.clock.nowMs();
  const dispositions = Array.from(
    { length: 27 },
    (_, index) => [messageFor(`${index}`), handBack(5)] as const,
  );
  await handBackMessages(
    new Map(dispositions),
    counting,
    batchTimesOf(provider, nowMs + 900_000, nowMs),
    deps,
  );
  expect(calls).toEqual([10, 10, 7]);
});

test("a message that comes again and again is kept longer than SQS keeps it, and not moved without a cause", async () => {
  const { queue, deps } = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" }));
  let hiddenMs = 0;
  for (let receiveCount = 1; receiveCount <= RECEIVE_COUNT_MAX; receiveCount += 1) {
    const nowMs = deps.clock.nowMs();
    const dispositions = new Map([[messageFor("a", { receiveCount }), handBack(1_000)]]);
    await handBackMessages(dispositions, queue, batchTimesOf(provider, nowMs + 900_000, nowMs), deps);
    const delayMs = queue.changes.at(-1)?.delayMs ?? 0;
    if (receiveCount < 600) expect(delayMs).toBe(1_000);
    hiddenMs += delayMs;
  }
  expect(hiddenMs).toBeGreaterThan(RETENTION_MAX_MS);
});

test("a queue that keeps refusing is tried for some seconds", async () => {
  const { clock, startedAtMs, warnings } = await handBackThree({}, (changes) =>
    changes.map((_, index) => ({ index, reason: "InternalError", isFinal: false })),
  );
  expect(clock.nowMs() - startedAtMs).toBeLessThanOrEqual(5_000);
  expect(warnings).toMatchObject([{ cause: expect.stringContaining("InternalError") }]);
});

test("a record whose back-off is a day comes back within twelve hours of its receive", async () => {
  const harness = createVentilatorHarness(
    (request) => reply(request, { kind: "fault", latencyMs: 1, cause: "HTTP 500" }),
    { provider: { ...provider, backOff: { firstMs: 12 * HOUR_MS, maxMs: 12 * HOUR_MS } } },
  );
  harness.deps.random.next = () => 1;
  await harness.run([messageFor("a")]);
  expect(harness.queue.changes[0]?.delayMs).toBeLessThan(12 * HOUR_MS - provider.queue.visibilityTimeoutMs);
});
