import type { RuleContext } from "./rule-result.ts";
import type { Ceiling, Closed } from "./state.ts";
import { growPaceMs } from "./transitions.ts";

/** Factor of the time after which a step up counts as proven though it was not seen in full use. */
const UNUSED_FACTOR = 3;

/**
 * The largest step up, in requests, that is worth the hold it risks; unbounded where none is to be feared.
 *
 * Let G levels lie between the limit L and the ceiling, none of them more likely than another to be the first
 * that is too much. A step of s is refused with probability s / G, which costs a hold H of all that flows, H · L.
 * Else it gains s for as long as all will stay as it is: about as long as it has, T. The expected gain,
 * T · s · (1 - s / G) - H · L · s / G, is largest at s = (G - H · L / T) / 2. Young knowledge is worth no risk,
 * and holds are to cost a small part of the time all the same, so that s / G · H is a tenth of T at most.
 */
export function heldStepMax(
  { limit, ceiling }: Closed,
  { config: { maxConcurrency }, tuning, nowMs }: RuleContext,
): number {
  if (ceiling?.holdMs === undefined) return Number.POSITIVE_INFINITY;
  const isTried = limit >= ceiling.limit;
  const wayUp = (isTried ? maxConcurrency + 1 : ceiling.limit) - limit;
  const holds = metForMs(ceiling, nowMs) / Math.max(1, ceiling.holdMs);
  const best = (wayUp - limit / holds) / 2;
  const affordable = (wayUp * holds) / tuning.heldStepHolds;
  const isFree = isTried || nowMs >= ceiling.untilMs;
  return Math.max(isFree ? 1 : 0, Math.min(Math.round(best), Math.floor(affordable)));
}

/**
 * True if a step up was in force for long enough to be believed, where a refusal would bring a hold: for as
 * long as the hold that a step beyond it would risk, and in full use. The valve may lag behind a limit by a
 * minute, and a limit that is not used is not refused.
 */
export function isHeldProof(
  { limit, ceiling, epochStartedAtMs }: Closed,
  inFlightCount: number,
  { config, nowMs }: RuleContext,
): boolean {
  if (ceiling?.holdMs === undefined) return true;
  const factor = inFlightCount >= limit ? 1 : UNUSED_FACTOR;
  return nowMs - epochStartedAtMs >= factor * Math.max(growPaceMs(config), ceiling.holdMs);
}

/** The longest time that such a proof takes, in ms. */
export function heldProofMaxMs({ holdMs = 0 }: Ceiling, { config }: Pick<RuleContext, "config">): number {
  return UNUSED_FACTOR * Math.max(growPaceMs(config), holdMs);
}

/** Time since a ceiling was met, in ms. */
function metForMs({ untilMs, keptForMs }: Ceiling, nowMs: number): number {
  return Math.max(1, nowMs - (untilMs - keptForMs));
}
