import { FOR_EVER_MS } from "@sluice/core/operator";
import { spanText } from "./span.ts";

/** An instant on a wall clock: the time alone if it is on the same day as `nowMs`, else the date too. */
export function clockText(atMs: number, nowMs: number, timeZone: string): string {
  const [date, time] = partsOf(atMs, timeZone);
  return date === partsOf(nowMs, timeZone)[0] ? time : `${date} ${time}`;
}

/** A moment of the past to the second, such as `13:00:05`, with its date if that is not today's. */
export function momentText(atMs: number, nowMs: number, timeZone: string): string {
  const seconds = String(new Date(atMs).getUTCSeconds()).padStart(2, "0");
  return `${clockText(atMs, nowMs, timeZone)}:${seconds}`;
}

/** An instant, and how far away it is, such as `18:00 (in 2 h 5 min)` or `15:50 (5 min ago)`. */
export function endText(untilMs: number, nowMs: number, timeZone: string): string {
  if (untilMs === FOR_EVER_MS) return "without an end";
  const away = untilMs < nowMs ? `${spanText(nowMs - untilMs)} ago` : `in ${spanText(untilMs - nowMs)}`;
  return `${clockText(untilMs, nowMs, timeZone)} (${away})`;
}

/** Date and time of an instant, as `2026-11-21` and `18:00`. */
function partsOf(atMs: number, timeZone: string): [date: string, time: string] {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const [date = "", time = ""] = format.format(atMs).split(" ");
  return [date, time];
}

/** A date with a time and its zone, which is an instant by itself. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
/** A time of day, and perhaps a date, on the operator's wall clock. */
const WALL = /^(?:(\d{4}-\d{2}-\d{2})[T ])?(\d{1,2}):(\d{2})$/;

/**
 * An instant as operators write it: `18:00`, the next one on their own wall clock; `2026-11-21 18:00`, on that clock; or a
 * date with a zone, `2026-11-21T18:00Z`. Undefined if it is none.
 */
export function parseInstant(text: string, nowMs: number, timeZone: string): number | undefined {
  if (ISO.test(text)) return finite(Date.parse(text));
  const [, date, hour = "", minute = ""] = WALL.exec(text) ?? [];
  if (hour === "" || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const time = `${hour.padStart(2, "0")}:${minute}`;
  if (date !== undefined) return wallInstant(`${date}T${time}`, timeZone);
  const [today] = partsOf(nowMs, timeZone);
  const first = wallInstant(`${today}T${time}`, timeZone);
  if (first === undefined || first > nowMs) return first;
  const [tomorrow] = partsOf(nowMs + 86_400_000, timeZone);
  return wallInstant(`${tomorrow}T${time}`, timeZone);
}

/** The instant at which a zone's wall clock shows a time; of a time that is skipped, one an hour away. */
function wallInstant(wall: string, timeZone: string): number | undefined {
  const asUtcMs = finite(Date.parse(`${wall}Z`));
  if (asUtcMs === undefined) return undefined;
  let atMs = asUtcMs;
  // The second look sees the offset on the other side of a change of clocks.
  for (let looks = 0; looks < 2; looks += 1) {
    const [date, time] = partsOf(atMs, timeZone);
    atMs += asUtcMs - Date.parse(`${date}T${time}Z`);
  }
  return atMs;
}

function finite(atMs: number): number | undefined {
  return Number.isFinite(atMs) ? atMs : undefined;
}
