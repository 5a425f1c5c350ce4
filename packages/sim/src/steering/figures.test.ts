import { expect, test } from "vitest";
import { holdFigures } from "./hold-figures.ts";
import { LANE_QUOTAS, laneFigures } from "./lane-figures.ts";
import { nearXFigures } from "./near-x-figures.ts";
import { pinFigures } from "./pin-figures.ts";
import { QUOTA_PER_MINUTE, quotaFigures } from "./quota-figures.ts";
import { SLOW_CASES, slowFigures } from "./slow-figures.ts";
import { runSteered } from "./steered-run.ts";
import { windowFigures } from "./window-figures.ts";

test("a quota of a minute is used as far as can be, never exceeded, and costs next to nothing", async () => {
  const { usedShare, busiestMinuteCount, steered, free } = await quotaFigures(2_400);
  expect(usedShare).toBeGreaterThanOrEqual(0.95);
  expect(busiestMinuteCount).toBeLessThanOrEqual(QUOTA_PER_MINUTE);
  expect(steered.invocations).toBeLessThanOrEqual(1.3 * free.invocations);
  expect(steered.writeUnits).toBeLessThanOrEqual(1.15 * free.writeUnits);
});

test.each([1_200, 2_400, 3_600])(
  "of a quota of %i a minute nearly all is used that X = 20 allows, and hardly a message goes round",
  async (requestsPerMinute) => {
    const { usedShare, receivesPerRecord } = await nearXFigures(requestsPerMinute, 0.5);
    expect(usedShare).toBeGreaterThanOrEqual(0.97);
    expect(receivesPerRecord).toBeLessThanOrEqual(1.05);
  },
);

test.each([
  // The bulk's turns of five seconds, one of its own, and what clocks differ.
  ["60 a minute", 6_500],
  ["600 a minute, 2,000 a day spread", 1_000],
])("beside a backlog and %s an express record waits for %i ms at most", async (name, mostMs) => {
  const quotas = LANE_QUOTAS.find(([each]) => each === name)?.[1] ?? [];
  const { expressWaitsMs, violationCount } = await laneFigures(quotas, 8);
  expect(expressWaitsMs.length).toBeGreaterThanOrEqual(20);
  expect(Math.max(...expressWaitsMs)).toBeLessThanOrEqual(mostMs);
  expect(violationCount).toBe(0);
});

test.each(SLOW_CASES)("with %s messages wait for their turn, and do not go round", async (_, slow) => {
  const { startedCount, receiveCount, violationCount } = await slowFigures(slow, 30);
  expect(startedCount).toBeGreaterThan(0);
  expect(receiveCount / startedCount).toBeLessThanOrEqual(1.05);
  expect(violationCount).toBe(0);
});

test("an access window is used nearly whole, and nothing starts or is in flight outside of it", async () => {
  const figures = await windowFigures(2);
  expect(figures).toMatchObject({ startsWhileClosed: 0, inFlightWhileClosed: 0 });
  expect(figures.usedShare).toBeGreaterThanOrEqual(0.98);
  expect(figures.firstStartAfterOpeningMs).toBeLessThanOrEqual(5_000);
  expect(figures.receivesPerRecord).toBeLessThanOrEqual(1.02);
});

test.each([1, 5, 60])("after a closing of %i min a provider with quotas is used at once", async (minutes) => {
  const opensAtMs = minutes * 60_000;
  const to = new Date(opensAtMs).toISOString().slice(11, 16);
  const { startsMs } = await runSteered({
    maxConcurrency: 5,
    latency: { medianMs: 200, sigma: 0.5 },
    timeoutMs: 3_000,
    backlog: 400,
    untilMs: opensAtMs + 120_000,
    steered: {
      quotas: [
        { requests: 300, per: "minute" },
        { requests: 50_000, per: "day", resetsAt: "06:00" },
      ],
      windows: { closed: [{ days: ["mon-sun"], from: "00:00", to }] },
    },
  });
  const startedWithin = (durationMs: number) =>
    startsMs.filter((startMs) => startMs - opensAtMs <= durationMs).length;
  expect(startedWithin(0)).toBe(0);
  expect(startedWithin(5_000)).toBeGreaterThan(0);
  // 4.8 starts a second, but for the skew of clocks.
  expect(startedWithin(30_000)).toBeGreaterThan(120);
});

test("a hold stops starts in three seconds, ends to the second, and hardly a message goes round", async () => {
  const { startsWhileHeld, firstStartAfterEndMs, held, free } = await holdFigures(10_000, 1.5);
  expect(startsWhileHeld).toBe(0);
  expect(firstStartAfterEndMs).toBeLessThanOrEqual(5_000);
  expect(held.receives).toBeLessThanOrEqual(1.1 * free.receives);
  expect(held.invocations).toBeLessThanOrEqual(1.1 * free.invocations);
  expect(held.minutes).toBeLessThanOrEqual(10.1 + free.minutes);
});

test.each([
  ["ended by itself", false, 5_000],
  ["resumed", true, 3_000],
] as const)(
  "a pin that is %s is kept until then, and no longer, and the valve follows",
  async (_, isResumed, withinMs) => {
    const { mostInFlight, firstBeyondAfterEndMs, fullAfterEndMs } = await pinFigures(isResumed);
    expect(mostInFlight).toBe(1);
    expect(firstBeyondAfterEndMs).toBeGreaterThanOrEqual(0);
    expect(firstBeyondAfterEndMs).toBeLessThanOrEqual(withinMs);
    expect(fullAfterEndMs).toBeLessThanOrEqual(60_000);
  },
);
