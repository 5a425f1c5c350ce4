import fc from "fast-check";
import { expect, test } from "vitest";
import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { SlidingQuota } from "../../provider/quota.ts";
import { createMemoryQuotaStore } from "../../storage/memory-quota-store.ts";
import { reservedMs } from "./quota-steps.ts";
import { spacingOf, TRAVEL_MS } from "./spacing.ts";

const PERIOD_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;

const quota: fc.Arbitrary<SlidingQuota> = fc.record({
  requests: fc.integer({ min: 1, max: 40 }),
  per: fc.constantFrom("second", "minute", "hour"),
});

/** A holder's reservation: when it asks, what for, and how late each start is; shares of the most that there may be. */
const block = fc.record({
  afterShare: fc.double({ min: 0, max: 1.5, noNaN: true }),
  skewShare: fc.double({ min: 0, max: 1, noNaN: true }),
  workerSkewShare: fc.double({ min: 0, max: 1, noNaN: true }),
  lateShares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }),
});

test("whatever clocks within the skew say, and however late starts are that a worker still begins, no period is exceeded", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(quota, { minLength: 1, maxLength: 3 }),
      fc.array(block, { minLength: 5, maxLength: 40 }),
      async (quotas, blocks) => {
        const spacing = spacingOf(quotas);
        if (spacing === undefined) throw new Error("there is a sliding quota");
        const store = createMemoryQuotaStore();
        const starts: number[] = [];
        let trueMs = 1_000_000;
        for (const { afterShare, skewShare, workerSkewShare, lateShares } of blocks) {
          trueMs += afterShare * lateShares.length * spacing.intervalMs;
          const aheadMs = skewShare * CLOCK_SKEW_MS;
          const workerAheadMs = workerSkewShare * CLOCK_SKEW_MS;
          const answer = await store.reserve({
            count: lateShares.length,
            nowMs: trueMs + aheadMs,
            spacing: {
              intervalMs: spacing.intervalMs,
              longestMs: spacing.intervalMs,
              aheadMaxMs: Number.POSITIVE_INFINITY,
            },
          });
          if (answer.kind === "refused") throw new Error("nothing is too far ahead");
          for (const [index, lateShare] of lateShares.entries()) {
            const turnMs = answer.firstAtMs + index * spacing.intervalMs;
            const earliestMs = turnMs - aheadMs;
            const latestMs = turnMs + spacing.lateMaxMs - workerAheadMs;
            // Later than its worker begins one it is not made at all.
            if (latestMs >= earliestMs) {
              starts.push(earliestMs + lateShare * (latestMs - earliestMs + TRAVEL_MS));
            }
          }
        }
        for (const each of quotas)
          expect(mostWithin(starts, PERIOD_MS[each.per])).toBeLessThanOrEqual(each.requests);
      },
    ),
    { numRuns: 300 },
  );
});

test("an instant, moved by any number of intervals, has no more digits than a double keeps", () => {
  fc.assert(
    fc.property(quota, fc.integer({ min: 1, max: 10_000 }), (each, count) => {
      const { intervalMs = 0 } = spacingOf([each]) ?? {};
      const spacing = { intervalMs, longestMs: intervalMs, aheadMaxMs: 0 };
      const spanMs = reservedMs({ count, nowMs: 0, spacing });
      expect(spanMs).toBeCloseTo(count * intervalMs, 5);
      const movedMs = 1_795_003_200_000 + spanMs;
      expect(String(movedMs)).toMatch(/^\d{13}(\.\d{1,2})?$/);
    }),
  );
});

test.each([
  [600, "minute", 0.96],
  [10, "second", 0.29],
  [3_600, "hour", 0.99],
] as const)("of %i requests a %s at least a share of %f is used", (requests, per, share) => {
  const spacing = spacingOf([{ requests, per }]);
  expect(PERIOD_MS[per] / ((spacing?.intervalMs ?? 0) * requests)).toBeGreaterThan(share);
});

test("a day's quota has no spacing", () => {
  expect(
    spacingOf([{ requests: 5, per: "day", resetsAt: "00:00", spread: false, reserve: 0 }]),
  ).toBeUndefined();
});

/** The most starts in any half-open stretch of time. */
function mostWithin(starts: readonly number[], periodMs: number): number {
  const inOrder = starts.toSorted((one, other) => one - other);
  let first = 0;
  return inOrder.reduce((most, atMs, index) => {
    while (atMs - (inOrder[first] ?? atMs) >= periodMs) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}
