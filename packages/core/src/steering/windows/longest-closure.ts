import type { Provider } from "../../provider/provider.ts";
import type { AccessWindow } from "../../provider/windows/access-windows.ts";
import { DAY_MS } from "../../provider/windows/wall-windows.ts";
import { calendarOf } from "./calendar-of.ts";

/** A Monday in a fortnight in which hardly a zone's clocks change: what is asked is asked of an ordinary week. */
const SOME_MONDAY_MS = Date.UTC(2026, 0, 5);
/** One week, and the closure that reaches into the next. */
const LOOKED_AT_MS = 14 * DAY_MS;

/**
 * The longest time for which a provider is closed in an ordinary week, in ms; 0 if it never is, or always. Closures on
 * dates do not count.
 */
export function longestClosureMs({ windows, timeZone }: Pick<Provider, "windows" | "timeZone">): number {
  if (windows === undefined) return 0;
  const { open, closed } = windows;
  const weekly = {
    ...(open && { open: open.filter(recurs) }),
    ...(closed && { closed: closed.filter(recurs) }),
  };
  const calendar = calendarOf(weekly, timeZone);
  let longestMs = 0;
  for (let atMs = SOME_MONDAY_MS; atMs < SOME_MONDAY_MS + LOOKED_AT_MS; ) {
    const { isOpen, fromMs, untilMs } = calendar.stretchAt(atMs);
    const lengthMs = untilMs - fromMs;
    if (!isOpen && Number.isFinite(lengthMs)) longestMs = Math.max(longestMs, lengthMs);
    atMs = untilMs;
  }
  return longestMs;
}

function recurs({ days }: AccessWindow): boolean {
  return days !== undefined;
}
