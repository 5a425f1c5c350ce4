import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { quietSnapshot } from "@sluice/testing/quiet-snapshot";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../ports/history-store.ts";
import type { ProviderInput } from "../provider/provider.ts";
import { createMemoryHistoryStore } from "../storage/memory-history-store.ts";
import { endsAtMsOf, type Work } from "./ends-at.ts";
import { readOutlook } from "./outlook.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Ten records at once, of a second each: 600 a minute. */
const CONTRACT: Partial<ProviderInput> = {
  timeZone: "UTC",
  maxConcurrency: 10,
  slowAfterMs: 10_000,
  timeoutMs: 60_000,
  latency: { medianMs: 1_000, sigma: 0, minMs: 5, maxMs: 60_000 },
  worker: { name: "demo", timeoutMs: 70_000 },
};
const WORK: Work = { lane: "records", openCount: 6_000, isUntouched: false };

/** Minutes from noon until the end. */
function minutesUntilEnd(
  work: Partial<Work> = {},
  latest: Partial<Snapshot> = {},
  contract: Partial<ProviderInput> = {},
): number | undefined {
  const seen: Snapshot = { ...quietSnapshot(NOON_MS), limit: 10, maxConcurrency: 10, ...latest };
  const outlook = { contract: demoProvider({ ...CONTRACT, ...contract }), latest: seen };
  const endMs = endsAtMsOf({ ...WORK, ...work }, outlook, NOON_MS);
  return endMs === undefined ? undefined : (endMs - NOON_MS) / MINUTE_MS;
}

describe("the end of a run", () => {
  test("comes at the run's own rate, or at limit ÷ mean latency while it has none", () => {
    expect(minutesUntilEnd({ ratePerMinute: 100 })).toBe(60);
    expect(minutesUntilEnd()).toBe(10);
    expect(minutesUntilEnd({}, { limit: 5, usualLatencyMs: 2_000 })).toBe(40);
    const latency = { medianMs: 1_000, sigma: 1, minMs: 5, maxMs: 60_000 };
    expect(minutesUntilEnd({}, {}, { latency })).toBeCloseTo(10 * Math.exp(0.5), 6);
  });

  test("waits for express records, and for the bulk that was there before, as long as it has had no end", () => {
    const queued = {
      records: { visibleCount: 8_990, inFlightCount: 10 },
      express: { visibleCount: 600, inFlightCount: 5 },
    };
    expect(minutesUntilEnd({}, { queued })).toBe(11);
    expect(minutesUntilEnd({ isUntouched: true }, { queued })).toBe(16);
    expect(minutesUntilEnd({ isUntouched: true, lane: "express", openCount: 600 }, { queued })).toBeCloseTo(
      605 / 600,
      6,
    );
  });

  test.each<[what: string, latest: Partial<Snapshot>]>([
    ["a probe", { phase: "open", probeAtMs: NOON_MS + 5 * MINUTE_MS }],
    ["the provider's Retry-After", { heldUntilMs: NOON_MS + 5 * MINUTE_MS }],
    ["a hold", { plannedUntilMs: NOON_MS + 5 * MINUTE_MS }],
    ["a quota", { quotaHeldUntilMs: { records: NOON_MS + 5 * MINUTE_MS, express: 0 } }],
  ])("comes after %s", (_, latest) => {
    expect(minutesUntilEnd({}, latest)).toBe(15);
    expect(minutesUntilEnd({}, { ...latest, plannedUntilMs: NOON_MS - HOUR_MS })).toBeLessThanOrEqual(15);
  });

  test("counts only the time in which the provider is open", () => {
    const windows = { open: [{ days: ["mon-sun"], from: "10:00", to: "12:04" }] };
    expect(minutesUntilEnd({}, {}, { windows })).toBe(22 * 60 + 6);
    expect(minutesUntilEnd({ openCount: 600 }, {}, { windows })).toBe(1);
  });

  test("is no sooner than quotas of a minute allow", () => {
    const quotas = [{ requests: 60, per: "minute" } as const];
    expect(minutesUntilEnd({ openCount: 60 }, {}, { quotas })).toBeCloseTo(1, 0);
  });

  test("waits for the next days' quotas", () => {
    const quotas = [{ requests: 2_000, per: "day", reserve: 0 } as const];
    const used = { quotaUsed: { day: "2026-11-18", usedCount: 1_400 } };
    // 600 today, 2,000 each on two days, and the last 1,400.
    expect(minutesUntilEnd({}, used, { quotas })).toBeCloseTo((12 + 48) * 60 + 1_400 / 600, 6);
    const earlier = { quotaUsed: { day: "2026-11-17", usedCount: 1_400 } };
    expect(minutesUntilEnd({ openCount: 2_000 }, earlier, { quotas })).toBeCloseTo(2_000 / 600, 6);
    const slow = { ratePerMinute: 1, openCount: 1_000 };
    expect(minutesUntilEnd(slow, earlier, { quotas })).toBe(1_000);
    const express = { lane: "express", openCount: 1_500 } as const;
    const reserve = [{ requests: 2_000, per: "day", reserve: 0.5 } as const];
    expect(minutesUntilEnd(express, earlier, { quotas: reserve })).toBe(2.5);
  });

  test("is none if it would take years", () => {
    const quotas = [{ requests: 1, per: "day", reserve: 0 } as const];
    expect(minutesUntilEnd({}, {}, { quotas })).toBeUndefined();
  });
});

describe("what is ahead", () => {
  test("is not known before a waker has told it, nor to whoever may not read it", async () => {
    const history = createMemoryHistoryStore();
    expect(await readOutlook(history)).toBe("untold");
    await history.putContract(demoProvider());
    expect(await readOutlook(history)).toBe("untold");
    const denied = { ...history, contract: () => Promise.reject(new Error("AccessDeniedException")) };
    expect(await readOutlook(denied)).toBeUndefined();
  });
});
