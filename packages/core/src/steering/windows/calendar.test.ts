import { describe, expect, test } from "vitest";
import type { AccessWindow, AccessWindows } from "../../provider/windows/access-windows.ts";
import { ALWAYS_OPEN } from "./calendar.ts";
import { calendarOf } from "./calendar-of.ts";
import { instantAfterOpenMs, nextChangeMs, openMsBetween } from "./questions.ts";
import { lastStartMs, mayStart, nextStartMs } from "./starts.ts";

const HOUR_MS = 60 * 60_000;
const ms = (text: string) => Date.parse(text);

/** All times in which it is open, of those that lie in a span as a whole. */
function openings(windows: AccessWindows, timeZone: string, from: string, until: string): string[] {
  const calendar = calendarOf(windows, timeZone);
  const found: string[] = [];
  for (let atMs: number | undefined = ms(from); atMs !== undefined && atMs < ms(until); ) {
    const { isOpen, untilMs } = calendar.stretchAt(atMs);
    if (isOpen) found.push(`${shown(atMs)} to ${shown(untilMs)}`);
    atMs = nextChangeMs(calendar, atMs);
  }
  return found;
}

const shown = (atMs: number) => new Date(atMs).toISOString().slice(8, 16).replace("T", "d ");

/** Nights and week-ends, but for maintenance and two holidays. */
const NIGHTS: AccessWindows = {
  open: [{ days: ["mon-fri"], from: "20:00", to: "06:00" }, { days: ["sat", "sun"] }],
  closed: [{ days: ["sun"], from: "02:00", to: "04:00" }, { dates: ["2026-12-25", "2027-01-01"] }],
};

test("a window belongs to the day on which it begins, adjoining ones are one, and closed wins", () => {
  // 2026-12-23 was a Wednesday.
  expect(openings(NIGHTS, "Europe/Zurich", "2026-12-23T12:00Z", "2026-12-28T12:00Z")).toEqual([
    "23d 19:00 to 24d 05:00",
    "24d 19:00 to 24d 23:00",
    "25d 23:00 to 27d 01:00",
    "27d 03:00 to 27d 23:00",
  ]);
});

test("without windows it is always open", () => {
  expect(calendarOf(undefined, "Europe/Zurich")).toBe(ALWAYS_OPEN);
  expect(nextChangeMs(ALWAYS_OPEN, 0)).toBeUndefined();
  expect(openMsBetween(ALWAYS_OPEN, 5, 12)).toBe(7);
  expect(instantAfterOpenMs(ALWAYS_OPEN, 5, 7)).toBe(12);
  expect(lastStartMs(ALWAYS_OPEN, 5, 7)).toBe(Number.POSITIVE_INFINITY);
  expect(nextStartMs(ALWAYS_OPEN, 5, 7)).toBe(5);
});

test("windows that make up the whole week never change", () => {
  const windows = { open: [{ days: ["fri-mon"] }, { days: ["tue-thu"], from: "00:00", to: "24:00" }] };
  expect(calendarOf(windows, "America/Havana").stretchAt(ms("2026-11-01T05:30Z"))).toEqual(
    ALWAYS_OPEN.stretchAt(0),
  );
});

test("where only dates are closed, or open, decades before and after them are one stretch", () => {
  const dates = ["2021-05-01", "2099-12-31"];
  const closed = calendarOf({ closed: [{ dates }] }, "UTC");
  expect(nextChangeMs(closed, ms("2021-05-02T00:00Z"))).toBe(ms("2099-12-31T00:00Z"));
  expect(nextChangeMs(closed, ms("2100-01-01T00:00Z"))).toBeUndefined();
  const open = calendarOf({ open: [{ dates }] }, "UTC");
  expect(nextChangeMs(open, ms("2020-01-01T00:00Z"))).toBe(ms("2021-05-01T00:00Z"));
  expect(instantAfterOpenMs(open, ms("2020-01-01T00:00Z"), 48 * HOUR_MS)).toBe(ms("2100-01-01T00:00Z"));
  expect(instantAfterOpenMs(open, ms("2020-01-01T00:00Z"), 48 * HOUR_MS + 1)).toBeUndefined();
});

test("a date may be any, also for a window over its midnight", () => {
  for (let day = 1; day <= 31; day += 1) {
    const dateMs = Date.UTC(2026, 11, day);
    const dates = [new Date(dateMs).toISOString().slice(0, 10)];
    for (const [timeZone, offsetMs] of [
      ["Pacific/Kiritimati", 14 * HOUR_MS],
      ["Pacific/Niue", -11 * HOUR_MS],
    ] as const) {
      const calendar = calendarOf({ closed: [{ dates, from: "20:00", to: "19:00" }] }, timeZone);
      const closesMs = dateMs + 20 * HOUR_MS - offsetMs;
      const closing = { isOpen: false, fromMs: closesMs, untilMs: closesMs + 23 * HOUR_MS };
      expect(calendar.stretchAt(closesMs)).toEqual(closing);
      expect(calendar.stretchAt(closing.untilMs - 1)).toEqual(closing);
      expect(nextChangeMs(calendar, dateMs - 90 * 24 * HOUR_MS)).toBe(closesMs);
    }
  }
});

describe("in Zurich on a day on which the clocks are changed", () => {
  const sundays = (from: string, to: string): AccessWindow[] => [{ days: ["sun"], from, to }];

  // At 01:00Z on 2026-03-29 clocks go from 02:00 to 03:00.
  test.each([
    ["20:00", "02:30", "29d 18:00 to 30d 00:30"],
    ["01:00", "02:30", "29d 00:00 to 29d 01:00"],
    ["02:30", "04:00", "29d 01:00 to 29d 02:00"],
    ["01:00", "04:00", "29d 00:00 to 29d 02:00"],
    ["02:15", "02:45", undefined],
    ["02:00", "03:00", undefined],
  ])("the skipped hour: open from %s to %s", (from, to, opening) => {
    expect(
      openings({ open: sundays(from, to) }, "Europe/Zurich", "2026-03-28T22:00Z", "2026-03-30T03:00Z"),
    ).toEqual(opening === undefined ? [] : [opening]);
  });

  test.each([
    ["01:00", "02:30", "29d 00:00", "29d 01:30"],
    ["02:30", "04:00", "29d 01:00", "29d 02:00"],
    ["02:15", "02:45", "29d 01:00", "29d 01:45"],
    ["02:00", "03:00", "29d 01:00", "29d 02:00"],
    ["00:00", "24:00", "28d 23:00", "29d 22:00"],
  ])("the skipped hour: closed from %s to %s", (from, to, closesAt, opensAt) => {
    const calendar = calendarOf({ closed: sundays(from, to) }, "Europe/Zurich");
    const closesMs = nextChangeMs(calendar, ms("2026-03-28T22:00Z")) ?? 0;
    expect(shown(closesMs)).toBe(closesAt);
    expect(shown(nextChangeMs(calendar, closesMs) ?? 0)).toBe(opensAt);
  });

  // At 01:00Z on 2026-10-25 clocks go from 03:00 back to 02:00.
  test.each([
    ["01:00", "02:30", "24d 23:00 to 25d 00:30"],
    ["02:30", "04:00", "25d 01:30 to 25d 03:00"],
    ["02:15", "02:45", "25d 01:15 to 25d 01:45"],
    ["01:00", "04:00", "24d 23:00 to 25d 03:00"],
  ])("the repeated hour: open from %s to %s", (from, to, opening) => {
    expect(
      openings({ open: sundays(from, to) }, "Europe/Zurich", "2026-10-24T20:00Z", "2026-10-26T03:00Z"),
    ).toEqual([opening]);
  });

  test.each([
    ["01:00", "02:30", "24d 23:00", "25d 01:30"],
    ["02:30", "04:00", "25d 00:30", "25d 03:00"],
    ["02:15", "02:45", "25d 00:15", "25d 01:45"],
  ])("the repeated hour: closed from %s to %s", (from, to, closesAt, opensAt) => {
    const calendar = calendarOf({ closed: sundays(from, to) }, "Europe/Zurich");
    const closesMs = nextChangeMs(calendar, ms("2026-10-24T20:00Z")) ?? 0;
    expect(shown(closesMs)).toBe(closesAt);
    expect(shown(nextChangeMs(calendar, closesMs) ?? 0)).toBe(opensAt);
  });
});

test("starts end one longest call before the closing", () => {
  const calendar = calendarOf(NIGHTS, "UTC");
  const closesMs = ms("2026-11-18T06:00Z");
  expect(lastStartMs(calendar, closesMs - HOUR_MS, 30_000)).toBe(closesMs - 30_000);
  expect(mayStart(calendar, closesMs - 30_000, 30_000)).toBe(true);
  expect(mayStart(calendar, closesMs - 29_999, 30_000)).toBe(false);
  expect(nextStartMs(calendar, closesMs - 29_999, 30_000)).toBe(ms("2026-11-18T20:00Z"));
  expect(lastStartMs(calendar, closesMs, 30_000)).toBeUndefined();
  expect(lastStartMs(calendar, closesMs - 1, 11 * HOUR_MS)).toBeUndefined();
});

test("no start is looked for beyond a year, though every opening is too short", () => {
  expect(nextStartMs(calendarOf(NIGHTS, "UTC"), ms("2026-11-18T06:00Z"), 99 * HOUR_MS)).toBeUndefined();
});
