import { lnLatencyOf, successCount } from "../evidence.ts";
import { heldStepMax, isHeldProof } from "./held-ceiling.ts";
import { undoStep } from "./lower.ts";
import type { RuleContext, RuleResult } from "./rule-result.ts";
import type { Closed } from "./state.ts";
import { atLimit, growPaceMs, without } from "./transitions.ts";

/** Most successes that a step up is judged by. */
const TEST_MAX = 400;

/**
 * Raises the limit while all is well: ramps up to the earlier level, then steps up further, each step a test
 * that must pay.
 * @param inFlightCount calls in flight: a limit that is not used teaches nothing about a higher one
 */
export function raise(state: Closed, inFlightCount: number, context: RuleContext): RuleResult {
  const { config, tuning, nowMs } = context;
  const calm = relieved(state, context);
  if (calm.test !== undefined) {
    const test = priceOf(calm, calm.test.from, context);
    if (test.kind === "undecided" || !isHeldProof(calm, inFlightCount, context)) return { state: calm };
    if (test.kind === "too-high") {
      return undoStep(
        calm,
        calm.test.from,
        { sign: "latency", seen: calm.settled, inputs: test.inputs },
        context,
      );
    }
    return raise(
      { ...without(calm, "test"), growthCount: calm.growthCount + 1, rampTo: calm.limit },
      inFlightCount,
      context,
    );
  }
  if (calm.limit >= config.maxConcurrency || inFlightCount < tuning.usedShare * calm.limit)
    return { state: calm };
  if (calm.limit < calm.rampTo) {
    const limit = Math.min(calm.rampTo, Math.max(calm.limit + 1, Math.floor(calm.limit * tuning.rampFactor)));
    // It was doubled on a few calls each, so that the level before is no better known.
    const lastRaise = { atMs: nowMs, to: limit, backTo: Math.max(1, Math.floor(limit * tuning.cut)) };
    const ramped = { ...calm, lastRaise };
    return { rule: "ramped up", inputs: { to: calm.rampTo }, state: atLimit(ramped, limit, context) };
  }
  if (nowMs - calm.epochStartedAtMs < stepEveryMs(calm, context)) return { state: calm };
  const next = nextStep(calm, context);
  if (next <= calm.limit) return { state: calm };
  const lastRaise = { atMs: nowMs, to: next, backTo: calm.limit };
  const stepped = { ...calm, rampTo: next, test: { from: calm.limit }, lastRaise };
  return {
    rule: "stepped up",
    inputs: { successes: successCount(calm.evidence) },
    state: atLimit(stepped, next, context),
  };
}

/** The state without all that has passed: an episode, a recovery that has arrived, relapses of long ago. */
function relieved(state: Closed, { config, tuning, nowMs }: RuleContext): Closed {
  const hasArrived = state.limit >= (state.overreachCount > 0 ? config.maxConcurrency : state.rampTo);
  const isLongAgo =
    nowMs - (state.trippedAtMs ?? Number.NEGATIVE_INFINITY) > tuning.relapseMemoryPaces * config.paceMs;
  const { episode } = state;
  const calm = without(
    episode === undefined ? state : { ...state, lastEpisode: episode },
    "episode",
    ...(hasArrived || isLongAgo ? (["recoveringSinceMs", "wantsSmallBatches"] as const) : []),
  );
  return isLongAgo ? { ...calm, relapseCount: 0, overreachCount: 0 } : calm;
}

/** Time between two steps up, in ms; longer for each level if a step up has brought a relapse. */
function stepEveryMs(state: Closed, { config, tuning }: RuleContext): number {
  const { paceMs } = config;
  if (!isCareful(state)) return growPaceMs(config);
  return paceMs * Math.min(tuning.recoverMaxPaces, tuning.recoverPaces * 2 ** (state.overreachCount - 1));
}

function isCareful({ recoveringSinceMs, overreachCount }: Closed): boolean {
  return recoveringSinceMs !== undefined && overreachCount > 0;
}

function nextStep(state: Closed, context: RuleContext): number {
  const { config, tuning, nowMs } = context;
  const { limit, ceiling, growthCount } = state;
  const growth = isCareful(state)
    ? 1
    : Math.max(1, Math.floor(limit * tuning.growth)) * 2 ** Math.min(10, growthCount);
  const next = Math.min(config.maxConcurrency, limit + growth, limit + heldStepMax(state, context));
  if (ceiling === undefined || limit >= ceiling.limit) return next;
  // The ceiling is not tried before its time is over; then it is tried itself, and not a level beyond it.
  return Math.min(next, ceiling.untilMs > nowMs ? ceiling.limit - 1 : ceiling.limit);
}

/**
 * Tells if a step up has lengthened the calls so much that it gains nothing: Wald's sequential test of the
 * mean logarithm, longer by the whole step (in ln) against not longer at all.
 */
function priceOf(
  { settled, usual, limit, ceiling, recoveringSinceMs }: Closed,
  from: number,
  { tuning }: RuleContext,
):
  | { readonly kind: "paid" | "undecided" }
  | { readonly kind: "too-high"; readonly inputs: Readonly<Record<string, number>> } {
  // If refusals show the ceiling, or a relapse would, there is no need to wait for longer calls to do so.
  const isShownOtherwise = ceiling === undefined ? recoveringSinceMs !== undefined : !ceiling.isByLatency;
  if (usual === undefined || isShownOtherwise) return { kind: "paid" };
  const latency = lnLatencyOf(settled);
  if (latency === undefined) return { kind: "undecided" };
  const calls = successCount(settled);
  const rise = latency.mean - usual.mean;
  const wholeStep = Math.log(limit / from);
  // The usual latency has an error too: it rests on a limited number of calls.
  const basis = 1 / (1 / calls + 1 / usual.callCount);
  const score = (basis * wholeStep * (rise - wholeStep / 2)) / Math.max(1e-3, usual.variance);
  if (score >= tuning.priceAt)
    return { kind: "too-high", inputs: { calls, timesLonger: Math.exp(rise), from } };
  return { kind: score <= -tuning.paidAt || calls >= TEST_MAX ? "paid" : "undecided" };
}
