import type { ProviderInput } from "@sluice/core/provider";
import type { Lots } from "../../provider-simulator/lots.ts";
import type { Load, Span } from "../story.ts";
import { type DayTimes, drawSpan } from "./draw-span.ts";

const MINUTE_MS = 60_000;
/** Starts end so long before a closing, beside the longest call. */
const ENDING_MS = 4_000;

/** Draws a closing of whole minutes; one day in eight has one. */
export function drawClosing(times: DayTimes, lots: Lots): Span | undefined {
  if (!lots.chance(1 / 8)) return undefined;
  const { fromMinute: atMinute } = drawSpan(times, lots);
  // In half of them the provider is open at first, however little there is to do.
  const fromMinute = lots.chance(0.5) ? Math.floor(atMinute) : Math.ceil(atMinute) + lots.whole(1, 5);
  return { fromMinute, untilMinute: fromMinute + lots.logWhole(2, 90) };
}

/** The access windows of a provider with a closing, which it has each day. */
export function windowsWith(
  closing: Span,
  timeZone: string,
  startsAt: string,
): Pick<ProviderInput, "windows"> {
  const wallTime = (minute: number) => wallTimeOf(timeZone, Date.parse(startsAt) + minute * MINUTE_MS);
  const [from, to] = [wallTime(closing.fromMinute), wallTime(closing.untilMinute)];
  return from === to ? {} : { windows: { closed: [{ days: ["mon-sun"], from, to }] } };
}

/** The load of a day with a closing: in most of them so that the bulk is under way when starts end. */
export function loadMeeting(
  closing: Span,
  [bulk, ...others]: readonly Load[],
  { timeoutMs }: Pick<ProviderInput, "timeoutMs">,
  busyMinutes: number,
  lots: Lots,
): Load[] {
  if (bulk === undefined) return [];
  if (lots.chance(0.3)) return [bulk, ...others];
  const startsEndMinute = closing.fromMinute - (timeoutMs + ENDING_MS) / MINUTE_MS;
  const atMinute = Math.max(0, startsEndMinute - busyMinutes * lots.between(0, 1));
  return [{ ...bulk, atMinute }, ...others];
}

function wallTimeOf(timeZone: string, atMs: number): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  return format.format(atMs);
}
