import type { RuleContext } from "./rule-result.ts";
import type { Ceiling, Closed } from "./state.ts";
import { growPaceMs } from "./transitions.ts";

/** Distance, as a share of the limit, within which two ceilings are the same one. */
const CEILING_SLACK = 0.1;

/** The present limit as a ceiling that showed by longer calls, or by refusals and faults. */
export function ceilingAt(
  state: Closed,
  isByLatency: boolean,
  { config, tuning, nowMs }: RuleContext,
): Ceiling {
  const tripped = trippedBefore(state, nowMs);
  if (tripped !== undefined) return tripped;
  const paceMs = growPaceMs(config);
  const maxPaces = isByLatency ? tuning.ceilingMaxPaces : tuning.refusalCeilingMaxPaces;
  const keptForMs = keptFor(state, tuning.ceilingPaces * paceMs, maxPaces * paceMs);
  return { limit: state.limit, untilMs: nowMs + keptForMs, keptForMs, isByLatency };
}

/**
 * The present limit as a ceiling that showed by a refusal with a hold: kept for a multiple of the hold, so that
 * trying it again costs a small part of the time.
 */
export function heldCeilingAt(
  state: Closed,
  holdMs: number,
  riskMs: number,
  { config, tuning, nowMs }: RuleContext,
): Ceiling {
  const { ceilingPaces, refusalCeilingMaxPaces, heldCeilingHolds, heldCeilingMaxHolds } = tuning;
  const paceMs = growPaceMs(config);
  const leastMs = Math.max(ceilingPaces * paceMs, heldCeilingHolds * holdMs);
  const mostMs = Math.max(refusalCeilingMaxPaces * paceMs, heldCeilingMaxHolds * holdMs);
  const keptForMs = keptFor(state, leastMs, mostMs);
  return { limit: state.limit, untilMs: nowMs + keptForMs, keptForMs, isByLatency: false, holdMs: riskMs };
}

/**
 * A level that may have brought a trip about, as a ceiling: a trip stops everything for a while, as a hold does.
 * @param lostMs the time for which nothing flows, in ms
 */
export function trippedCeilingAt(
  { ceiling }: Closed,
  limit: number,
  lostMs: number,
  { tuning, nowMs }: RuleContext,
): Ceiling {
  const leastMs = tuning.trippedCeilingHolds * lostMs;
  const isAgain = ceiling?.isByTrip === true && isNear(limit, ceiling);
  const keptForMs = isAgain
    ? Math.min(tuning.trippedCeilingMaxHolds * lostMs, Math.max(leastMs, 2 * ceiling.keptForMs))
    : leastMs;
  return { limit, untilMs: nowMs + keptForMs, keptForMs, isByLatency: false, isByTrip: true, holdMs: lostMs };
}

/** A ceiling that once brought a trip and shows again at about the same level: it brings the next if it is left to. */
function trippedBefore({ ceiling, limit }: Closed, nowMs: number): Ceiling | undefined {
  if (ceiling?.isByTrip !== true || !isNear(limit, ceiling)) return undefined;
  return { ...ceiling, limit, untilMs: nowMs + ceiling.keptForMs };
}

/** Time for which a ceiling is kept, in ms: one that is met again at about the same level for twice as long. */
function keptFor({ ceiling, limit, test }: Closed, leastMs: number, mostMs: number): number {
  const isAgain = ceiling !== undefined && test !== undefined && isNear(limit, ceiling);
  return isAgain ? Math.min(mostMs, Math.max(leastMs, 2 * ceiling.keptForMs)) : leastMs;
}

function isNear(limit: number, ceiling: Ceiling): boolean {
  return Math.abs(limit - ceiling.limit) <= CEILING_SLACK * ceiling.limit;
}
