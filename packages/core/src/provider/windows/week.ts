import { difference, type Interval } from "./intervals.ts";
import { DAY_MS, type WallWindows } from "./wall-windows.ts";

/** Openings of an ordinary week, one without dates, as far as they begin in it; in wall times of some such week. */
export type Week =
  | { readonly kind: "always-open" }
  | { readonly kind: "never-open" }
  | { readonly kind: "changing"; readonly openings: readonly Interval[] };

const WEEK_MS = 7 * DAY_MS;
/** A Monday, long before any date that windows may name. */
const MONDAY_MS = Date.UTC(1970, 0, 5);
/** The week between two others, so that openings across its ends are whole. */
const SPAN: Interval = { fromMs: MONDAY_MS - WEEK_MS, untilMs: MONDAY_MS + 2 * WEEK_MS };

/** The ordinary week of windows. */
export function weekOf({ open, closed }: WallWindows): Week {
  const openings = difference(open(SPAN), closed(SPAN));
  const begun = openings.filter(({ fromMs }) => MONDAY_MS <= fromMs && fromMs < MONDAY_MS + WEEK_MS);
  if (begun.length > 0) return { kind: "changing", openings: begun };
  const isOpen = openings.some(({ fromMs, untilMs }) => fromMs < MONDAY_MS && MONDAY_MS < untilMs);
  return isOpen ? { kind: "always-open" } : { kind: "never-open" };
}
