const formats = new Map<string, Intl.DateTimeFormat>();

/** The provider day of an instant: the calendar day in the provider's time zone, as `2026-11-21`. */
export function providerDay(timeZone: string, atMs: number): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // The Swedish locale writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
    formats.set(timeZone, format);
  }
  return format.format(atMs);
}
