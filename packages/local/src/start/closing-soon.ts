import { type AccessWindows, providerDay } from "@sluice/core/provider";

const MINUTE_MS = 60_000;

/**
 * Windows that close a provider for a minute, from the first whole minute at `soonestMs` or later: seconds are not to be
 * had, because windows are as a contract has them.
 */
export function closingSoon(timeZone: string, soonestMs: number): AccessWindows {
  const fromMs = Math.ceil(soonestMs / MINUTE_MS) * MINUTE_MS;
  const date = providerDay(timeZone, fromMs);
  const [from, to] = [timeOf(timeZone, fromMs), timeOf(timeZone, fromMs + MINUTE_MS)];
  return { closed: [{ dates: [date], from, to }] };
}

function timeOf(timeZone: string, atMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" }).format(atMs);
}
