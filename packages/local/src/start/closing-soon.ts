import { type AccessWindows, providerDay } from "@sluice/core/provider";

const MINUTE_MS = 60_000;

/**
 * Windows that close a provider for a minute: the first whole one after a time, or the present one if that is 0. Seconds
 * are not to be had, because windows are as a contract has them.
 */
export function closingSoon(timeZone: string, nowMs: number, afterMs: number): AccessWindows {
  const toMinute = afterMs === 0 ? Math.floor : Math.ceil;
  const fromMs = toMinute((nowMs + afterMs) / MINUTE_MS) * MINUTE_MS;
  const date = providerDay(timeZone, fromMs);
  const [from, to] = [timeOf(timeZone, fromMs), timeOf(timeZone, fromMs + MINUTE_MS)];
  return { closed: [{ dates: [date], from, to }] };
}

function timeOf(timeZone: string, atMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" }).format(atMs);
}
