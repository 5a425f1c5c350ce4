import { parseProvider, type QuotaInput } from "@sluice/core/provider";
import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";
import { quotaPeaks } from "./quota-peaks.ts";

const NOON_MS = Date.parse("2026-11-18T12:00:00Z");
const HOUR_MS = 3_600_000;

function peaksOf(quota: QuotaInput, startsMs: readonly number[]) {
  const provider = parseProvider({ ...demoProvider(), timeZone: "UTC", quotas: [quota] }, "a test");
  const requests = startsMs.map((atMs) => ({ startedAtMs: NOON_MS + atMs, endedAtMs: NOON_MS + atMs }));
  return quotaPeaks(provider, requests).map(({ mostStarts }) => mostStarts);
}

test.each<[what: string, quota: QuotaInput, startsMs: number[], most: number]>([
  ["no request", { requests: 2, per: "second" }, [], 0],
  ["a second is over after a second", { requests: 2, per: "second" }, [0, 500, 1_000], 2],
  ["it slides", { requests: 2, per: "second" }, [0, 900, 1_100, 1_899], 3],
  ["requests that were noted late", { requests: 2, per: "minute" }, [59_999, 0, 60_000], 2],
  ["an hour", { requests: 2, per: "hour" }, [0, HOUR_MS - 1, HOUR_MS], 2],
  ["a day begins at midnight", { requests: 9, per: "day" }, [0, 1, 12 * HOUR_MS - 1, 12 * HOUR_MS], 3],
  ["or at its reset", { requests: 9, per: "day", resetsAt: "12:00" }, [-1, 0, 24 * HOUR_MS - 1], 2],
])("%s", (_, quota, startsMs, most) => {
  expect(peaksOf(quota, startsMs)).toEqual([most]);
});

test("a provider without quotas has no peaks", () => {
  expect(quotaPeaks(demoProvider(), [{ startedAtMs: 0, endedAtMs: 1 }])).toEqual([]);
});
