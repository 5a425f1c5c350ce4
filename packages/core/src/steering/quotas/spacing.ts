import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { Provider } from "../../provider/provider.ts";
import { evenIntervalMs, type Quota, SLIDING_PERIOD_MS } from "../../provider/quota.ts";

/*
 * Why a sliding quota is never exceeded. It is a leaky bucket as a meter without any burst (GCRA, ITU-T I.371, annex A;
 * RFC 2697 has the same idea): a reservation of k starts gets k instants, each one interval T after the one before, and
 * moves the stored end of all reservations by k·T in one conditional write. So of all instants that were ever given out
 *
 *   (1) the n-th and the (n + m)-th are at least m·T apart, on whatever clocks they were asked for,
 *
 * because the write takes the later of the stored end and the asker's own clock for the first.
 *
 * Let S be the most by which two clocks differ (CLOCK_SKEW_MS). All clocks then lie in a band of that width: each reads
 * true time plus something between a and a + S. A start whose instant is s happens
 *
 *   (2) not before s − a − S: its ventilator waits until its own clock, or one that it knows to be ahead, reads s;
 *   (3) not after s − a + D + V: the worker begins it only while its own clock reads at most s + D (the request's
 *       `startByMs`), and a call is at the provider V later at most.
 *
 * Who dies, freezes or is late in between starts nothing; the instant is lost. Of two starts within a period P the
 * instants are thus less than P + U apart, U = S + D + V. With T = (P + U) / N more than N of them would be at least
 * N·T = P + U apart, by (1): in no period are there more than N. Of several quotas the longest T satisfies all.
 *
 * What it costs is U: P / (P + U) of a quota can be used. No scheme that goes by the clocks of those who start can do
 * without S, for a start by the slowest clock may be followed by one of the fastest P later on them, and P − S in truth.
 */

/** D, at the least: a claim and an invocation of a warm worker fit. */
const LATE_MIN_MS = 250;
/** D, where periods are long: a part of the shortest one that costs next to nothing. */
const LATE_SHARE = 0.004;
/** V: from the worker's first line to the provider, a new connection included. */
export const TRAVEL_MS = 150;

/** The even spacing of a provider's sliding quotas. */
export interface Spacing {
  /** Time between two starts. */
  readonly intervalMs: number;
  /** A start may be later than its instant by so much. */
  readonly lateMaxMs: number;
}

/** The spacing that keeps all sliding quotas of a provider; undefined if there is none. */
export function spacingOf(quotas: readonly Quota[]): Spacing | undefined {
  const sliding = quotas.filter((quota) => quota.per !== "day");
  if (sliding.length === 0) return undefined;
  const shortestMs = Math.min(...sliding.map(({ per }) => SLIDING_PERIOD_MS[per]));
  const lateMaxMs = Math.max(LATE_MIN_MS, shortestMs * LATE_SHARE);
  const uncertainMs = CLOCK_SKEW_MS + lateMaxMs + TRAVEL_MS;
  const intervalsMs = sliding.map(({ requests, per }) => (SLIDING_PERIOD_MS[per] + uncertainMs) / requests);
  return { intervalMs: roundedUp(Math.max(...intervalsMs)), lateMaxMs };
}

/** Time between two starts of a provider's bulk at its usual spacing, a spread day's included, in ms; 0 without a spacing. */
export function startIntervalMs({ quotas = [] }: Pick<Provider, "quotas">): number {
  return Math.max(evenIntervalMs(quotas), spacingOf(quotas)?.intervalMs ?? 0);
}

/** To a hundredth of a millisecond, so that instants have the fifteen digits that a double keeps, and sums are exact. */
function roundedUp(durationMs: number): number {
  return Math.ceil(durationMs * 100) / 100;
}
