import { lnLatencyOf, successCount } from "../evidence.ts";
import { undoStep } from "./lower.ts";
import type { Ruling, Setting } from "./ruling.ts";
import type { Closed } from "./state.ts";
import { atLimit, without } from "./transitions.ts";

/** Successes that a step up is judged by, at most. */
const TEST_MAX = 400;
/** Standard errors that a price must be to be believed. */
const PRICE_Z = 2;

/**
 * What to do when all is well: ramp up to where the limit was, then step up further, each step a test that must pay.
 * @param inFlightCount permits that are out: a limit that is not used teaches nothing about a higher one
 */
export function raise(state: Closed, inFlightCount: number, setting: Setting): Ruling {
  const { config, tuning, nowMs } = setting;
  const calm = relieved(state, setting);
  if (calm.test !== undefined) {
    const test = priceOf(calm, calm.test.from, setting);
    if (test.kind === "undecided") return { state: calm };
    if (test.kind === "too-high") {
      return undoStep(
        calm,
        calm.test.from,
        { sign: "latency", seen: calm.settled, inputs: test.inputs },
        setting,
      );
    }
    return raise(
      { ...without(calm, "test"), growthCount: calm.growthCount + 1, rampTo: calm.limit },
      inFlightCount,
      setting,
    );
  }
  if (calm.limit >= config.maxConcurrency || inFlightCount < tuning.usedShare * calm.limit)
    return { state: calm };
  if (calm.limit < calm.rampTo) {
    const limit = Math.min(calm.rampTo, Math.max(calm.limit + 1, Math.floor(calm.limit * tuning.rampFactor)));
    return { rule: "ramped up", inputs: { to: calm.rampTo }, state: atLimit(calm, limit, setting) };
  }
  if (nowMs - calm.epochStartedAtMs < stepEveryMs(calm, setting)) return { state: calm };
  const next = nextStep(calm, setting);
  if (next <= calm.limit) return { state: calm };
  const stepped = { ...calm, rampTo: next, test: { from: calm.limit } };
  return {
    rule: "stepped up",
    inputs: { successes: successCount(calm.evidence) },
    state: atLimit(stepped, next, setting),
  };
}

/** What is over once all is well: an episode, a recovery that has arrived, relapses of long ago. */
function relieved(state: Closed, { config, tuning, nowMs }: Setting): Closed {
  const hasArrived = state.limit >= (state.relapseCount > 0 ? config.maxConcurrency : state.rampTo);
  const isLongAgo =
    nowMs - (state.trippedAtMs ?? Number.NEGATIVE_INFINITY) > tuning.relapseMemoryPaces * config.paceMs;
  const calm = without(
    state,
    "episode",
    ...(hasArrived || isLongAgo ? (["recoveringSinceMs"] as const) : []),
  );
  return isLongAgo && calm.relapseCount > 0 ? { ...calm, relapseCount: 0 } : calm;
}

/** A provider that has relapsed is given more time at each level. */
function stepEveryMs(
  { recoveringSinceMs, relapseCount }: Closed,
  { config: { paceMs }, tuning }: Setting,
): number {
  if (recoveringSinceMs === undefined || relapseCount === 0) return paceMs;
  return tuning.recoverPaces * paceMs * 2 ** (relapseCount - 1);
}

function nextStep(state: Closed, { config, tuning, nowMs }: Setting): number {
  const { limit, ceiling, growthCount, recoveringSinceMs, relapseCount } = state;
  const isCareful = recoveringSinceMs !== undefined && relapseCount > 0;
  const growth = isCareful
    ? 1
    : Math.max(1, Math.floor(limit * tuning.growth)) * 2 ** Math.min(10, growthCount);
  const next = Math.min(config.maxConcurrency, limit + growth);
  if (ceiling === undefined || limit >= ceiling.limit) return next;
  // Until its time is over nobody goes to the ceiling; then it is tried itself, and not what is beyond.
  return Math.min(next, ceiling.untilMs > nowMs ? ceiling.limit - 1 : ceiling.limit);
}

/** Whether a step up has lengthened the calls so much that most of its gain is gone. */
function priceOf(
  { settled, usual, limit, ceiling }: Closed,
  from: number,
  { tuning }: Setting,
):
  | { readonly kind: "paid" | "undecided" }
  | { readonly kind: "too-high"; readonly inputs: Readonly<Record<string, number>> } {
  // Where refusals show the ceiling, there is no need to wait for longer calls to do so.
  if (usual === undefined || ceiling?.isByLatency === false) return { kind: "paid" };
  const latency = lnLatencyOf(settled);
  if (latency === undefined) return { kind: "undecided" };
  const count = successCount(settled);
  const allowed = tuning.growthPrice * Math.log(limit / from);
  const needed = Math.min(TEST_MAX, ((2 * PRICE_Z) ** 2 * usual.variance) / (allowed * allowed));
  if (count < needed) return { kind: "undecided" };
  const rise = latency.mean - usual.mean;
  const error = Math.sqrt(Math.max(1e-9, usual.variance / count));
  if (rise <= allowed || rise < PRICE_Z * error) return { kind: "paid" };
  return { kind: "too-high", inputs: { calls: count, timesLonger: Math.exp(rise), from } };
}
