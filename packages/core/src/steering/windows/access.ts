import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { Provider } from "../../provider/provider.ts";
import { ALWAYS_OPEN, type Calendar } from "./calendar.ts";
import { calendarOf } from "./calendar-of.ts";
import { lastStartMs, nextStartMs } from "./starts.ts";

/** The word of a provider's access windows on a call that would start now. */
export type Access =
  | { readonly kind: "open" }
  /** `opensAtMs`: the first instant at which one may; absent if there is none within a year. */
  | { readonly kind: "closed"; readonly opensAtMs?: number };

type Windowed = Pick<Provider, "windows" | "timeZone" | "worker">;

const OPEN: Access = { kind: "open" };

const calendars = new WeakMap<object, Calendar>();

/** The calendar of a provider's windows, made once. */
export function calendarFor({ windows, timeZone }: Pick<Provider, "windows" | "timeZone">): Calendar {
  if (windows === undefined) return ALWAYS_OPEN;
  const known = calendars.get(windows);
  if (known !== undefined) return known;
  const calendar = calendarOf(windows, timeZone);
  calendars.set(windows, calendar);
  return calendar;
}

/**
 * The access at an instant. The longest call that is legal is over when the provider closes, and none starts before it
 * opens, also where this machine's clock is wrong by as much as clocks may be.
 */
export function accessAt(provider: Windowed, nowMs: number): Access {
  if (provider.windows === undefined) return OPEN;
  const calendar = calendarFor(provider);
  const longestMs = provider.worker.timeoutMs + CLOCK_SKEW_MS;
  const { fromMs } = calendar.stretchAt(nowMs);
  const lastMs = lastStartMs(calendar, nowMs, longestMs);
  if (lastMs !== undefined && nowMs <= lastMs) {
    const opensAtMs = fromMs + CLOCK_SKEW_MS;
    return nowMs >= opensAtMs ? OPEN : { kind: "closed", opensAtMs };
  }
  const nextMs = nextStartMs(calendar, nowMs, longestMs + CLOCK_SKEW_MS);
  return nextMs === undefined ? { kind: "closed" } : { kind: "closed", opensAtMs: nextMs + CLOCK_SKEW_MS };
}

/** The instant until which windows let nothing start: not after now if they do, a year from now if they never will. */
export function closedUntilMs(provider: Windowed, nowMs: number): number {
  const access = accessAt(provider, nowMs);
  if (access.kind === "open") return 0;
  return access.opensAtMs ?? nowMs + YEAR_MS;
}

const YEAR_MS = 365 * 24 * 60 * 60_000;
