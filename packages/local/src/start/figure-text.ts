/** A duration as minutes and seconds, such as `07:05`. */
export function clockText(durationMs: number): string {
  const totalSeconds = Math.floor(durationMs / 1_000);
  const minutes = String(Math.floor(totalSeconds / 60)).padStart(2, "0");
  return `${minutes}:${String(totalSeconds % 60).padStart(2, "0")}`;
}

/** A number with separated thousands and one decimal at most. */
export function countText(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** A number of things, such as `1 trip` or `1,234 records`. */
export function numberOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const DAY_MS = 24 * 60 * 60_000;

/** A time that is left, such as `00:41`, `7 h 05 min` or `3 d`. */
export function leftText(durationMs: number): string {
  const leftMs = Math.max(0, durationMs);
  const totalMinutes = Math.floor(leftMs / 60_000);
  if (leftMs >= 2 * DAY_MS) return `${Math.floor(leftMs / DAY_MS)} d`;
  if (totalMinutes < 60) return clockText(leftMs);
  return `${Math.floor(totalMinutes / 60)} h ${String(totalMinutes % 60).padStart(2, "0")} min`;
}

/** An instant as a time of day in a zone, such as `13:05:00`; with the weekday if it is a day or more away. */
export function wallClockText(
  atMs: number,
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" }).format(atMs);
  if (Math.abs(atMs - nowMs) < DAY_MS) return time;
  return `${new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short" }).format(atMs)} ${time}`;
}
