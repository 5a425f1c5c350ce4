import { demoProvider } from "@sluice/testing/demo-provider";
import { describe, expect, test } from "vitest";
import { accessAt, closedUntilMs } from "./access.ts";

const SKEW_MS = 2_000;
const provider = {
  ...demoProvider({ maxConcurrency: 3 }),
  timeZone: "UTC",
  windows: { open: [{ days: ["mon-sun"], from: "20:00", to: "06:00" }] },
};
const CALL_MS = provider.worker.timeoutMs;
const OPENS_MS = Date.parse("2026-11-21T20:00:00Z");
const CLOSES_MS = Date.parse("2026-11-22T06:00:00Z");
const NEXT_MS = Date.parse("2026-11-22T20:00:00Z");

describe("access", () => {
  test.each([
    ["long before an opening", OPENS_MS - 3_600_000, OPENS_MS + SKEW_MS],
    ["at an opening, by a clock that may be fast", OPENS_MS, OPENS_MS + SKEW_MS],
    [
      "when the longest call would end after the closing",
      CLOSES_MS - CALL_MS - SKEW_MS + 1,
      NEXT_MS + SKEW_MS,
    ],
    ["at a closing", CLOSES_MS, NEXT_MS + SKEW_MS],
  ])("is closed %s", (_, nowMs, opensAtMs) => {
    expect(accessAt(provider, nowMs)).toEqual({ kind: "closed", opensAtMs });
    expect(closedUntilMs(provider, nowMs)).toBe(opensAtMs);
  });

  test.each([
    ["once no clock says otherwise", OPENS_MS + SKEW_MS],
    ["as long as the longest call ends before the closing", CLOSES_MS - CALL_MS - SKEW_MS],
  ])("is open %s", (_, nowMs) => {
    expect(accessAt(provider, nowMs)).toEqual({ kind: "open" });
    expect(closedUntilMs(provider, nowMs)).toBe(0);
  });

  test("is open where there are no windows, whatever the time", () => {
    const { windows: _, ...without } = provider;
    expect(accessAt(without, 0)).toEqual({ kind: "open" });
  });

  test("is closed for a year, and looked at again then, where no opening is left", () => {
    const past = { ...provider, windows: { open: [{ dates: ["2026-11-01"] }] } };
    expect(accessAt(past, OPENS_MS)).toEqual({ kind: "closed" });
    expect(closedUntilMs(past, OPENS_MS)).toBeGreaterThan(OPENS_MS);
  });
});
