const formats = new Map<string, Intl.DateTimeFormat>();

/** A quarter of an hour: clocks are off UTC by whole quarters everywhere, so that no day turns within one. */
const QUARTER_MS = 15 * 60_000;
/** The last answer: nearly every question is the same again, and formatting takes a microsecond or two. */
let last = { timeZone: "", quarter: Number.NaN, day: "" };

/** The provider day of an instant: the calendar day in the provider's time zone, as `2026-11-21`. */
export function providerDay(timeZone: string, atMs: number): string {
  const quarter = Math.floor(atMs / QUARTER_MS);
  if (last.quarter !== quarter || last.timeZone !== timeZone) {
    last = { timeZone, quarter, day: formatFor(timeZone).format(atMs) };
  }
  return last.day;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // The Swedish locale writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
    formats.set(timeZone, format);
  }
  return format;
}
