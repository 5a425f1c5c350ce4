import type { Evidence } from "../evidence.ts";
import { heldCeilingAt } from "./ceiling.ts";
import type { RuleContext, RuleResult } from "./rule-result.ts";
import type { Closed } from "./state.ts";
import { isInGrace } from "./take-in.ts";
import { atLimit, without } from "./transitions.ts";

/**
 * Lowers the limit for a refusal that brought a hold; undefined if there is none, or if it says nothing of the
 * limit. One is proof enough: the next would stop everything again. All that were in flight with the first
 * started in the epoch that ends here, so that they are one piece of news.
 * @param news evidence since the last look: a refusal that was heeded, or excused, is not heeded again
 */
export function heedHold(state: Closed, news: Evidence, context: RuleContext): RuleResult | undefined {
  const { limit, test } = state;
  // A shard that a version without these sums has cleared of the others may still have them.
  const refusedCount = Math.min(news.heldCount, news.throttledCount);
  if (refusedCount <= 0 || limit === 1 || isInGrace(state, context)) return undefined;
  const holdMs = news.heldSumMs / news.heldCount;
  const lowered = test?.from ?? loweredFor(state, holdMs, context);
  const next = {
    ...without(state, "test"),
    ceiling: heldCeilingAt(state, holdMs, holdMs * costShare(state, holdMs, context), context),
    rampTo: lowered,
    growthCount: 0,
  };
  return {
    rule: test === undefined ? "cut: refused with a hold" : "step up undone: refused with a hold",
    inputs: { refused: refusedCount, holdSeconds: Math.round(holdMs / 1_000) },
    state: { ...atLimit(next, lowered, context), isProven: test !== undefined },
  };
}

/**
 * The part of the time that the present limit costs in holds: nearly all for one that is refused at once,
 * little for one that was well for long, because then something else has changed, and may change back.
 */
function costShare({ epochStartedAtMs }: Closed, holdMs: number, { nowMs }: RuleContext): number {
  return holdMs / Math.max(1, holdMs + nowMs - epochStartedAtMs);
}

/**
 * The limit that a cut leaves, at least 1. One that was well for longer than the hold has earned more than that
 * costs: something else has changed, and may change back, so it is left by one step. Any other is left by a
 * usual cut for a short hold, and by half for a long one, as a hold of a pace costs as much as the next cut.
 */
function loweredFor(state: Closed, holdMs: number, { config, tuning, nowMs }: RuleContext): number {
  const { limit, isProven, epochStartedAtMs } = state;
  if (nowMs - epochStartedAtMs > holdMs) return limit - Math.max(1, Math.floor(limit * tuning.growth));
  // The level below an undone step was good, or nearly: all slots start at once after a hold, and only then.
  const factor = isProven ? Math.sqrt(tuning.cut) : tuning.cut ** (1 + holdMs / config.paceMs);
  return Math.max(1, Math.floor(limit * Math.max(tuning.heldCutMin, factor)));
}
