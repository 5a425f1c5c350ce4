import { expect, test } from "vitest";
import type { QuotaState } from "../../ports/quota-store.ts";
import type { Quota } from "../../provider/quota.ts";
import { quotasLeft } from "./quota-left.ts";
import { NOTHING_RESERVED } from "./quota-steps.ts";

const NOON_MS = Date.parse("2026-11-18T12:00Z");
const DAY: Quota = { per: "day", requests: 1_000, resetsAt: "00:00", spread: false, reserve: 0.1 };
const MINUTE: Quota = { per: "minute", requests: 60 };

const left = (quotas: readonly Quota[], state: Partial<QuotaState>) =>
  quotasLeft({ quotas, timeZone: "UTC" }, { ...NOTHING_RESERVED, ...state }, NOON_MS);

test("a day's quota has left what was not reserved of today, and keeps some from the bulk", () => {
  expect(left([DAY], { day: "2026-11-18", dayKind: "UTC 00:00", usedCount: 950 })).toEqual([
    {
      per: "day",
      requests: 1_000,
      usedCount: 950,
      leftCount: 50,
      bulkRequests: 900,
      bulkLeftCount: 0,
      resetsAtMs: Date.parse("2026-11-19T00:00Z"),
    },
  ]);
});

test("what was used yesterday is not missing today", () => {
  expect(left([DAY], { day: "2026-11-17", dayKind: "UTC 00:00", usedCount: 950 })).toMatchObject([
    { usedCount: 0, leftCount: 1_000 },
  ]);
});

test("a sliding quota has left what nobody has reserved of the period ahead", () => {
  const [free] = left([MINUTE], {});
  const [half] = left([MINUTE], { freeFromMs: NOON_MS + 30_000 });
  const [spread] = left([MINUTE], { freeFromMs: NOON_MS + 40_000, intervalMs: 45_000 });
  // Less than all: the spacing allows for clocks that differ.
  expect(free?.leftCount).toBeGreaterThan(50);
  expect(free?.leftCount).toBeLessThanOrEqual(60);
  expect(half?.leftCount).toBeCloseTo((free?.leftCount ?? 0) / 2, -1);
  // The bulk's spread over the day leaves the period to the express lane.
  expect(spread?.leftCount).toBe(free?.leftCount);
  expect(left([MINUTE], { freeFromMs: NOON_MS + 600_000 })).toEqual([
    { per: "minute", requests: 60, leftCount: 0 },
  ]);
});

test("a provider without quotas has nothing to tell", () => {
  expect(quotasLeft({ timeZone: "UTC" }, NOTHING_RESERVED, NOON_MS)).toEqual([]);
});
