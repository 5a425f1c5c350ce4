import { anyWindows } from "@sluice/testing/any-windows";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Calendar } from "./calendar.ts";
import { calendarOf } from "./calendar-of.ts";
import { changesOf, isIn, openMinutes, wallClock, ZONES } from "./fakes/wall-clock.ts";
import { instantAfterOpenMs, isOpenAt, nextChangeMs, openMsBetween } from "./questions.ts";
import { lastStartMs, mayStart, nextStartMs } from "./starts.ts";

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FROM_MS = Date.UTC(2020, 0, 1);
const UNTIL_MS = Date.UTC(2036, 0, 1);

const changes = new Map(ZONES.map((zone) => [zone, changesOf(zone)]));

const anyInstant = fc.integer({ min: FROM_MS, max: UNTIL_MS });
const anyZone = fc.constantFrom(...ZONES);
const dateOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);

/** Any windows in any zone near an instant, mostly one at which the clocks are changed. */
const anyPlace = anyZone
  .chain((timeZone) =>
    fc.record({
      timeZone: fc.constant(timeZone),
      nearMs: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...(changes.get(timeZone) ?? []), FROM_MS + 45 * DAY_MS) },
        { weight: 1, arbitrary: anyInstant.map((atMs) => Math.floor(atMs / QUARTER_MS) * QUARTER_MS) },
      ),
    }),
  )
  .chain(({ timeZone, nearMs }) =>
    fc.record({
      timeZone: fc.constant(timeZone),
      nearMs: fc.constant(nearMs),
      windows: anyWindows([-2, -1, 0, 1].map((days) => dateOf(nearMs + days * DAY_MS))),
    }),
  );

const anyCalendar = anyPlace.map(({ timeZone, nearMs, windows }) => ({
  nearMs,
  calendar: calendarOf(windows, timeZone),
  again: () => calendarOf(windows, timeZone),
}));

const DAYS = 4;
const startOf = (nearMs: number) => nearMs - 2 * DAY_MS;
/** The minutes that lie far enough from the ends. */
const MIDDLE: readonly [from: number, until: number] = [1_440, (DAYS - 1) * 1_440];

/** What the clock shows each minute of the days around an instant; it is changed at whole quarters only. */
function wallAround(timeZone: string, nearMs: number): number[] {
  const clock = wallClock(timeZone);
  return Array.from({ length: DAYS * 96 }, (_, quarter) =>
    clock(startOf(nearMs) + quarter * QUARTER_MS),
  ).flatMap((shown) => Array.from({ length: 15 }, (_, minute) => shown + minute));
}

function minutesOf(calendar: Calendar, nearMs: number): boolean[] {
  return Array.from({ length: DAYS * 1_440 }, (_, at) =>
    isOpenAt(calendar, startOf(nearMs) + at * MINUTE_MS),
  );
}

describe("against a clock on the wall, minute by minute", () => {
  test("it is open when windows say so, and each change is the first", () => {
    fc.assert(
      fc.property(anyPlace, ({ timeZone, nearMs, windows }) => {
        const expected = openMinutes(windows, wallAround(timeZone, nearMs));
        const calendar = calendarOf(windows, timeZone);
        expect(minutesOf(calendar, nearMs).slice(...MIDDLE)).toEqual(expected.slice(...MIDDLE));
        const nextMs = (at: number) => nextChangeMs(calendar, startOf(nearMs) + at * MINUTE_MS);
        const changesAt = [...expected.keys()].filter((at) => at > 0 && expected[at] !== expected[at - 1]);
        let at = MIDDLE[0];
        const wrong: number[] = [];
        for (const changeAt of changesAt.filter((minute) => MIDDLE[0] < minute && minute < MIDDLE[1])) {
          for (; at < changeAt; at += 1) {
            if (nextMs(at) !== startOf(nearMs) + changeAt * MINUTE_MS) wrong.push(at);
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("it is never open when the clock shows a closed minute, or one that is not open", () => {
    fc.assert(
      fc.property(anyPlace, ({ timeZone, nearMs, windows }) => {
        const wall = wallAround(timeZone, nearMs);
        const opened = minutesOf(calendarOf(windows, timeZone), nearMs);
        const shown = wall.filter((_, at) => opened[at]);
        expect(shown.filter((minute) => isIn(windows.closed ?? [], minute))).toEqual([]);
        const { open } = windows;
        expect(open === undefined ? [] : shown.filter((minute) => !isIn(open, minute))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("no window is lost where clocks are changed: an opening that the clock shows, and any closing", () => {
    const oneWindow = anyPlace.map(({ windows, ...place }) => {
      const [window] = windows.open ?? windows.closed ?? [];
      return { ...place, windows: [{ ...window }] };
    });
    fc.assert(
      fc.property(oneWindow, ({ timeZone, nearMs, windows }) => {
        const wall = wallAround(timeZone, nearMs);
        const isShown = wall.slice(...MIDDLE).some((minute) => isIn(windows, minute));
        const opened = minutesOf(calendarOf({ open: windows }, timeZone), nearMs);
        const closed = minutesOf(calendarOf({ closed: windows }, timeZone), nearMs);
        if (isShown) expect(opened).toContain(true);
        const [first = 0, last = 0] = [wall[MIDDLE[0]], wall[MIDDLE[1]]];
        const isNamed = Array.from({ length: last - first }, (_, at) => first + at).some((minute) =>
          isIn(windows, minute),
        );
        if (isNamed) expect(closed).toContain(false);
      }),
      { numRuns: 100 },
    );
  });
});

describe("any calendar, with closures", () => {
  test("stretches are whole, and the same whoever asked before", () => {
    fc.assert(
      fc.property(anyCalendar, anyInstant, fc.integer(), ({ nearMs, calendar, again }, farMs, offset) => {
        for (const atMs of [farMs, nearMs + (offset % (9 * DAY_MS)), nearMs]) {
          const stretch = calendar.stretchAt(atMs);
          const { isOpen, fromMs, untilMs } = stretch;
          expect(again().stretchAt(atMs)).toEqual(stretch);
          expect(fromMs <= atMs && atMs < untilMs).toBe(true);
          if (fromMs !== Number.NEGATIVE_INFINITY) {
            expect(calendar.stretchAt(fromMs)).toEqual(stretch);
            expect(calendar.stretchAt(fromMs - 1)).toMatchObject({ isOpen: !isOpen, untilMs: fromMs });
          }
          if (untilMs !== Number.POSITIVE_INFINITY) {
            expect(calendar.stretchAt(untilMs - 1)).toEqual(stretch);
            expect(calendar.stretchAt(untilMs)).toMatchObject({ isOpen: !isOpen, fromMs: untilMs });
          }
        }
      }),
    );
  });

  test("open time adds up", () => {
    const span = fc.integer({ min: 0, max: 40 * DAY_MS });
    fc.assert(
      fc.property(anyCalendar, span, span, ({ nearMs, calendar }, one, other) => {
        const [a, b, c] = [
          nearMs - 20 * DAY_MS,
          nearMs - 20 * DAY_MS + one,
          nearMs - 20 * DAY_MS + one + other,
        ];
        const whole = openMsBetween(calendar, a, c);
        expect(whole).toBe(openMsBetween(calendar, a, b) + openMsBetween(calendar, b, c));
        expect(whole).toBeLessThanOrEqual(c - a);
        expect(openMsBetween(calendar, c, a)).toBe(0);
      }),
    );
  });

  test("the instant after so much open time is the first by which it has passed", () => {
    fc.assert(
      fc.property(anyCalendar, fc.integer({ min: 1, max: 20 * DAY_MS }), ({ nearMs, calendar }, openMs) => {
        const atMs = instantAfterOpenMs(calendar, nearMs, openMs);
        if (atMs === undefined) {
          expect(openMsBetween(calendar, nearMs, UNTIL_MS + 3 * 365 * DAY_MS)).toBeLessThan(openMs);
          return;
        }
        expect(openMsBetween(calendar, nearMs, atMs)).toBe(openMs);
        expect(openMsBetween(calendar, nearMs, atMs - 1)).toBe(openMs - 1);
        expect(instantAfterOpenMs(calendar, nearMs, 0)).toBe(nearMs);
      }),
    );
  });

  test("a call that may start is over by the closing, and the next start is the first", () => {
    const longest = fc.integer({ min: 1, max: 8 * 60 }).map((minutes) => minutes * MINUTE_MS);
    fc.assert(
      fc.property(anyCalendar, longest, ({ nearMs, calendar }, longestCallMs) => {
        const startMs = nextStartMs(calendar, nearMs, longestCallMs);
        if (startMs === undefined) return;
        expect(mayStart(calendar, startMs, longestCallMs)).toBe(true);
        expect(openMsBetween(calendar, startMs, startMs + longestCallMs)).toBe(longestCallMs);
        const lastMs = lastStartMs(calendar, startMs, longestCallMs) ?? 0;
        expect(lastMs).toBeGreaterThanOrEqual(startMs);
        if (lastMs < Number.POSITIVE_INFINITY) {
          expect(mayStart(calendar, lastMs, longestCallMs)).toBe(true);
          expect(mayStart(calendar, lastMs + 1, longestCallMs)).toBe(false);
        }
        const waitedMs = Math.min(startMs, nearMs + 3 * DAY_MS);
        for (let atMs = nearMs; atMs < waitedMs; atMs += 11 * MINUTE_MS) {
          expect(mayStart(calendar, atMs, longestCallMs)).toBe(false);
        }
      }),
    );
  });
});
