import type { AccessWindow, AccessWindows } from "../../../provider/windows/access-windows.ts";

/*
 * What windows mean, minute by minute, from nothing but what a clock on the wall shows. It shares no code with the
 * calendar.
 */

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Zones whose clocks are odd, each in its own way, and ordinary ones. */
export const ZONES: readonly string[] = [
  "UTC",
  "Europe/Zurich",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe", // changed by half an hour
  "America/Havana", // at midnight, and back to it
  "Africa/Cairo", // at midnight, forward
  "Asia/Beirut",
  "America/Santiago",
  "America/Asuncion",
  "Atlantic/Azores", // back to midnight
  "America/Nuuk", // at 23:00 or 24:00 of a Saturday
  "Pacific/Apia", // a whole day was left out at the end of 2011
  "Africa/Casablanca", // back for Ramadan
  "Antarctica/Troll", // by two hours
  "Pacific/Chatham",
  "Pacific/Kiritimati",
];

/** Reads a zone's clock: minutes since 1970 that a clock in UTC would show the same at. */
export function wallClock(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  return (atMs) => {
    const fields: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(atMs)) fields[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS;
  };
}

/** Instants within a day after each change of a zone's clocks in the years 2020 to 2035. */
export function changesOf(timeZone: string): number[] {
  const clock = wallClock(timeZone);
  const changes: number[] = timeZone === "Pacific/Apia" ? [Date.UTC(2011, 11, 30, 12)] : [];
  const lengthMinutes = (atMs: number) => clock(atMs) - atMs / MINUTE_MS;
  for (let atMs = Date.UTC(2020, 0, 2); atMs < Date.UTC(2036, 0, 1); atMs += DAY_MINUTES * MINUTE_MS) {
    if (lengthMinutes(atMs) !== lengthMinutes(atMs - DAY_MINUTES * MINUTE_MS)) changes.push(atMs);
  }
  return changes;
}

/** True if the clock shows a minute that lies in a window: a window belongs to the day on which it begins. */
export function isIn(windows: readonly AccessWindow[], wallMinute: number): boolean {
  const day = Math.floor(wallMinute / DAY_MINUTES);
  return windows.some(({ days, dates, from = "00:00", to = "24:00" }) => {
    const [begin, end] = [minutesOf(from), minutesOf(to)];
    return [day, day - 1].some((startDay) => {
      const minute = wallMinute - startDay * DAY_MINUTES;
      if (minute < begin || minute >= (end > begin ? end : end + DAY_MINUTES)) return false;
      const { date, weekday } = dayOf(startDay);
      return dates?.includes(date) ?? (days ?? []).some((name) => isNamed(name, weekday));
    });
  });
}

const daysByNumber = new Map<number, { readonly date: string; readonly weekday: number }>();

function dayOf(day: number): { readonly date: string; readonly weekday: number } {
  const known = daysByNumber.get(day);
  if (known !== undefined) return known;
  const start = new Date(day * DAY_MINUTES * MINUTE_MS);
  const made = { date: start.toISOString().slice(0, 10), weekday: start.getUTCDay() };
  daysByNumber.set(day, made);
  return made;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function isNamed(name: string, weekday: number): boolean {
  const [first = "", last = first] = name.split("-");
  for (let at = WEEKDAYS.indexOf(first); ; at = (at + 1) % 7) {
    if (at === weekday) return true;
    if (at === WEEKDAYS.indexOf(last)) return false;
  }
}

/** Of each minute in turn from an instant on, whether windows are open. The ends are not to be relied upon. */
export function openMinutes({ open, closed = [] }: AccessWindows, wall: readonly number[]): boolean[] {
  const isOpen = wall.map(() => open === undefined);
  /** The least that the clock shows from a minute on. */
  const leastFrom = [...wall];
  for (let at = wall.length - 2; at >= 0; at -= 1) {
    leastFrom[at] = Math.min(leastFrom[at] ?? 0, leastFrom[at + 1] ?? 0);
  }
  const firstAt = (values: readonly number[], minute: number, since = 0) => {
    const found = values.findIndex((value, at) => at >= since && value >= minute);
    return found === -1 ? wall.length : found;
  };
  for (const [from, to] of runsOf(open ?? [], wall)) {
    const begin = firstAt(leastFrom, from);
    isOpen.fill(true, begin, firstAt(wall, to, begin));
  }
  for (const [from, to] of runsOf(closed, wall)) {
    const end = firstAt(leastFrom, to);
    const isSkipped = end > 0 && end < wall.length && !wall.includes(to - 1);
    isOpen.fill(false, firstAt(wall, from), isSkipped ? end - 1 + (to - (wall[end - 1] ?? 0)) : end);
  }
  return isOpen;
}

/** Wall minutes at which windows begin and end; those that adjoin are one. */
function runsOf(windows: readonly AccessWindow[], wall: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  let from: number | undefined;
  const last = Math.max(...wall) + 1;
  for (let minute = Math.min(...wall); minute <= last; minute += 1) {
    const isWithin = minute < last && isIn(windows, minute);
    if (isWithin) from ??= minute;
    else if (from !== undefined) {
      runs.push([from, minute]);
      from = undefined;
    }
  }
  return runs;
}
