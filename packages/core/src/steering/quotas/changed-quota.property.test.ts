import fc from "fast-check";
import { expect, test } from "vitest";
import type { QuotaRequest } from "../../ports/quota-store.ts";
import { createMemoryQuotaStore } from "../../storage/memory-quota-store.ts";
import { quotaDayAt } from "./quota-day.ts";

const HOUR_MS = 3_600_000;
const BATCH_MAX_MS = HOUR_MS / 4;
const BEGIN_MS = Date.parse("2026-11-21T12:00Z");

const resets = fc.constantFrom("00:00", "01:00", "09:00", "13:00", "23:00");

test("whatever resets deploys name, one after the other or side by side, no day of the asker's has a start too many", async () => {
  const reservation = fc.record({
    resetsAt: resets,
    afterMs: fc.oneof(fc.nat({ max: 2 * HOUR_MS }), fc.nat({ max: 50 * HOUR_MS })),
    count: fc.integer({ min: 1, max: 3 }),
    madeAfterMs: fc.nat({ max: BATCH_MAX_MS }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(reservation, { minLength: 3, maxLength: 40 }),
      fc.integer({ min: 3, max: 8 }),
      async (reservations, usedAtMost) => {
        const store = createMemoryQuotaStore();
        const startsMs: number[] = [];
        let nowMs = BEGIN_MS;
        for (const { resetsAt, afterMs, count, madeAfterMs } of reservations) {
          nowMs += afterMs;
          const day = quotaDayAt("UTC", { resetsAt }, nowMs);
          const answer = await store.reserve({
            count,
            nowMs,
            day: { name: day.name, kind: resetsAt, startsAtMs: day.startsAtMs, usedAtMost },
          });
          if (answer.kind === "refused") continue;
          const madeAtMs = Math.min(nowMs + madeAfterMs, day.endsAtMs - 1);
          for (let made = 0; made < count; made += 1) startsMs.push(madeAtMs);
          const inDay = startsMs.filter((atMs) => day.startsAtMs <= atMs && atMs < day.endsAtMs);
          expect(inDay.length).toBeLessThanOrEqual(usedAtMost);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("a day's quota that a deploy has given another reset is whole again at the second reset at the latest", async () => {
  await fc.assert(
    fc.asyncProperty(resets, resets, fc.integer({ min: 1, max: 5 }), async (before, after, count) => {
      const store = createMemoryQuotaStore();
      const ask = (resetsAt: string, nowMs: number, usedAtMost = count) => {
        const { name, startsAtMs } = quotaDayAt("UTC", { resetsAt }, nowMs);
        return store.reserve({ count, nowMs, day: { name, kind: resetsAt, startsAtMs, usedAtMost } });
      };
      expect((await ask(before, BEGIN_MS)).kind).toBe("reserved");
      const { endsAtMs } = quotaDayAt("UTC", { resetsAt: after }, BEGIN_MS);
      const second = quotaDayAt("UTC", { resetsAt: after }, endsAtMs);
      const isAtFirst = (await ask(after, endsAtMs)).kind === "reserved";
      if (!isAtFirst) expect((await ask(after, second.endsAtMs)).kind).toBe("reserved");
    }),
  );
});

test("whatever intervals deploys name, no two starts are closer than the shorter one, and none waits for a longer one", async () => {
  const reservation = fc.record({
    intervalMs: fc.constantFrom(40, 104.25, 1_000, HOUR_MS),
    afterMs: fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 2 * HOUR_MS })),
    count: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(reservation, { minLength: 2, maxLength: 30 }), async (reservations) => {
      const store = createMemoryQuotaStore();
      let nowMs = BEGIN_MS;
      let last = { startAtMs: 0, intervalMs: 0 };
      for (const { intervalMs, afterMs, count } of reservations) {
        nowMs += afterMs;
        const spacing = { intervalMs, longestMs: intervalMs, aheadMaxMs: Number.POSITIVE_INFINITY };
        const request: QuotaRequest = { count, nowMs, spacing };
        const answer = await store.reserve(request);
        if (answer.kind === "refused") throw new Error("nothing is too far ahead");
        const shorterMs = Math.min(intervalMs, last.intervalMs);
        const earliestMs = last.startAtMs + shorterMs;
        expect(answer.firstAtMs).toBeGreaterThan(earliestMs - 0.01);
        expect(answer.firstAtMs).toBeLessThan(Math.max(nowMs, earliestMs) + 0.01);
        last = { startAtMs: answer.firstAtMs + (count - 1) * intervalMs, intervalMs };
      }
    }),
    { numRuns: 500 },
  );
});
