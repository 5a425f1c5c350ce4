import type { ProviderInput } from "@sluice/core/provider";
import type { Lots } from "../../provider-simulator/lots.ts";
import { type DayTimes, drawSpan } from "./draw-span.ts";

const MINUTE_MS = 60_000;

/** Draws access windows: a closing each day, that begins on the day of the story; one in eight has one. */
export function drawWindows(
  timeZone: string,
  startsAt: string,
  times: DayTimes,
  lots: Lots,
): Pick<ProviderInput, "windows"> {
  if (!lots.chance(1 / 8)) return {};
  const fromMs = Date.parse(startsAt) + drawSpan(times, lots).fromMinute * MINUTE_MS;
  const untilMs = fromMs + lots.logWhole(2, 90) * MINUTE_MS;
  const [from, to] = [fromMs, untilMs].map((atMs) => wallTimeOf(timeZone, atMs)) as [string, string];
  return from === to ? {} : { windows: { closed: [{ days: ["mon-sun"], from, to }] } };
}

function wallTimeOf(timeZone: string, atMs: number): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  return format.format(atMs);
}
