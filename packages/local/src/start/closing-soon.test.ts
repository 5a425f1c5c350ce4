import { calendarOf } from "@sluice/core/steering";
import { expect, test } from "vitest";
import { closingSoon } from "./closing-soon.ts";

test.each([
  ["2026-11-18T12:00:00Z", "UTC", "2026-11-18T12:00:00Z"],
  ["2026-11-18T12:00:00.001Z", "UTC", "2026-11-18T12:01:00Z"],
  ["2026-11-18T23:58:30Z", "UTC", "2026-11-18T23:59:00Z"],
  ["2026-11-18T23:59:30Z", "UTC", "2026-11-19T00:00:00Z"],
  ["2026-11-18T18:25:10Z", "Asia/Kathmandu", "2026-11-18T18:26:00Z"],
])("from %s in %s it closes at %s, for a minute", (soonest, timeZone, closing) => {
  const calendar = calendarOf(closingSoon(timeZone, Date.parse(soonest) - 5_000, 5_000), timeZone);
  const fromMs = Date.parse(closing);
  expect(calendar.stretchAt(Date.parse(soonest) - 1).isOpen).toBe(true);
  expect(calendar.stretchAt(fromMs)).toEqual({ isOpen: false, fromMs, untilMs: fromMs + 60_000 });
});

test("at once it is closed for the rest of the minute", () => {
  const nowMs = Date.parse("2026-11-18T12:00:42Z");
  const fromMs = Date.parse("2026-11-18T12:00:00Z");
  const calendar = calendarOf(closingSoon("UTC", nowMs, 0), "UTC");
  expect(calendar.stretchAt(nowMs)).toEqual({ isOpen: false, fromMs, untilMs: fromMs + 60_000 });
});
