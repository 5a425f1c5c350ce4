import { lnLatencyOf, successCount, votingCount } from "../evidence.ts";
import { ceilingAt } from "./ceiling.ts";
import { badShare, type Sign, type Trouble } from "./judge.ts";
import { learn } from "./latency-window.ts";
import { tripped } from "./opening.ts";
import type { RuleContext, RuleResult } from "./rule-result.ts";
import type { Closed, Episode, Reference } from "./state.ts";
import { shareDifferenceZ, wilsonLowerBound } from "./statistics.ts";
import { atLimit, without } from "./transitions.ts";

/** Throttled calls at limit 1, and their share, which show that not even one request is welcome. */
const REFUSED_COUNT = 10;
const REFUSED_SHARE = 0.8;

/**
 * Deals with trouble: undoes a step up that brought it; trips at the bottom; gives in if lowering the limit
 * has not helped; otherwise cuts.
 */
export function lower(state: Closed, trouble: Trouble, context: RuleContext): RuleResult {
  if (state.test !== undefined) return undoStep(state, state.test.from, trouble, context);
  if (state.limit === 1) return atTheBottom(state, trouble, context);
  const episode = episodeOf(state);
  if (episode === undefined) return cut(state, trouble, context);
  switch (compare(state, episode.reference, trouble, context)) {
    case "unknown":
      return { state };
    case "helped":
      return cut(state, trouble, context);
    case "in-vain":
      return giveIn(state, episode.limit, trouble, context);
  }
}

/**
 * The episode that trouble belongs to. Trouble that comes again while the limit is still low belongs to the
 * last one: else each return would lower the limit further.
 */
function episodeOf({ limit, episode, lastEpisode }: Closed): Episode | undefined {
  if (episode !== undefined || lastEpisode === undefined) return episode;
  return limit < lastEpisode.limit ? lastEpisode : undefined;
}

/** Goes back to the level before a step up. The present one becomes a ceiling, not tried for a while. */
export function undoStep(
  state: Closed,
  from: number,
  { sign, seen, inputs }: Trouble,
  context: RuleContext,
): RuleResult {
  const next = {
    ...without(state, "test"),
    ...(isLatency(sign) ? { episode: { limit: from, reference: referenceOf(state, { sign, seen }) } } : {}),
    ceiling: ceilingAt(state, isLatency(sign), context),
    rampTo: from,
    growthCount: 0,
  };
  return {
    rule: `step up undone: ${sign}`,
    inputs,
    state: { ...atLimit(next, from, context), isProven: true },
  };
}

function atTheBottom(state: Closed, trouble: Trouble, context: RuleContext): RuleResult {
  const { inputs, sign } = trouble;
  if (isHopeless(state, trouble, context)) {
    return { rule: `tripped at the bottom: ${sign}`, inputs, state: tripped(state, context) };
  }
  if (sign === "throttled" || !isBelievable(trouble, context)) return { state };
  return giveIn(state, episodeOf(state)?.limit ?? state.limit, trouble, context);
}

function isHopeless({ backgroundShare }: Closed, { sign, seen }: Trouble, { tuning }: RuleContext): boolean {
  switch (sign) {
    case "faults":
      return wilsonLowerBound(seen.faultCount, votingCount(seen)) > tuning.floorBadShare + backgroundShare;
    case "throttled":
      return seen.throttledCount >= REFUSED_COUNT && badShare(sign, seen) > REFUSED_SHARE;
    case "slow":
    case "latency":
      return false;
  }
}

/** True if trouble may be usual for the provider; one that fails most of the time is never taken for well. */
function isBelievable({ sign, seen }: Trouble, { tuning }: Pick<RuleContext, "tuning">): boolean {
  return sign !== "faults" || badShare(sign, seen) <= tuning.backgroundMax;
}

/**
 * Tells if less load has made the trouble clearly smaller. Both sides need enough calls, and limits far
 * enough apart; a share that was first seen in a few calls is too high by chance, and gives way to the one
 * seen since.
 */
function compare(
  state: Closed,
  reference: Reference,
  trouble: Trouble,
  { tuning }: RuleContext,
): "helped" | "in-vain" | "unknown" {
  const { sign, seen } = trouble;
  if (sign === "throttled" || !isBelievable(trouble, { tuning })) return "helped";
  const isFar = state.limit <= tuning.cut * reference.limit || state.limit === 1;
  if (!isFar || reference.seenCount < tuning.comparedCount) return "helped";
  const now = referenceOf(state, trouble);
  if (now.seenCount < tuning.comparedCount) return "unknown";
  const then = { share: reference.badShare, count: reference.seenCount };
  if (!isLatency(sign) || seen.slowCount > 0) {
    const z = shareDifferenceZ(then, { share: now.badShare, count: now.seenCount });
    if (z > tuning.shareGainZ) return "helped";
  }
  if (!isLatency(sign) || now.lnLatency === undefined || reference.lnLatency === undefined) return "in-vain";
  return reference.lnLatency - now.lnLatency > tuning.latencyGain ? "helped" : "in-vain";
}

/** Trouble as it is at the present limit. */
function referenceOf(state: Closed, { sign, seen }: Pick<Trouble, "sign" | "seen">): Reference {
  // Only the end of an epoch that was well for long shows the trouble; a short epoch shows it as a whole.
  const isShort = votingCount(state.evidence) < 4 * votingCount(seen);
  const basis = isShort ? state.evidence : seen;
  const lnLatency = lnLatencyOf(sign === "latency" ? seen : basis)?.mean;
  return {
    limit: state.limit,
    badShare: badShare(sign, basis),
    seenCount: votingCount(basis),
    ...(lnLatency === undefined ? {} : { lnLatency }),
  };
}

function isLatency(sign: Sign): boolean {
  return sign === "latency" || sign === "slow";
}

/** Accepts trouble as the provider's own: it is usual from now on, and the limit returns to where it was. */
function giveIn(state: Closed, limit: number, trouble: Trouble, context: RuleContext): RuleResult {
  const believed: Closed = { ...state, ...believe(state, trouble, context), rampTo: limit, growthCount: 0 };
  return {
    rule: `given in, lowering does not help: ${trouble.sign}`,
    inputs: trouble.inputs,
    state: atLimit(without(believed, "episode", "lastEpisode", "ceiling"), limit, context),
  };
}

function believe(state: Closed, { sign, seen }: Trouble, { tuning }: RuleContext): Partial<Closed> {
  if (sign === "faults") {
    const share = Math.max(state.backgroundShare, badShare(sign, seen));
    return { backgroundShare: Math.min(tuning.backgroundMax, share) };
  }
  const latency = lnLatencyOf(seen);
  if (latency === undefined) return {};
  const slowShare = seen.slowCount / Math.max(1, successCount(seen));
  return learn({ ...latency, slowShare, windowCount: 1, callCount: successCount(seen) }, state);
}

/**
 * Takes a share of faults between usual and trouble for usual after enough calls: else it would leave the
 * limit where it is for ever.
 */
export function settleDoubt(state: Closed, { config, tuning }: RuleContext): Closed {
  const { evidence, limit } = state;
  if (limit >= config.maxConcurrency || votingCount(evidence) < tuning.doubtCount) return state;
  const share = Math.min(tuning.backgroundMax, badShare("faults", evidence));
  if (share <= Math.max(tuning.usualFaultShare, state.backgroundShare)) return state;
  return { ...state, backgroundShare: share };
}

function cut(state: Closed, trouble: Trouble, context: RuleContext): RuleResult {
  const { sign, inputs } = trouble;
  const limit = Math.max(1, Math.floor(state.limit * cutFactor(state, trouble, context)));
  const reference = referenceOf(state, trouble);
  const next = {
    ...state,
    episode: { limit: episodeOf(state)?.limit ?? state.limit, reference },
    ceiling: ceilingAt(state, isLatency(sign), context),
    rampTo: limit,
    growthCount: 0,
  };
  return { rule: `cut: ${sign}`, inputs, state: atLimit(next, limit, context) };
}

/**
 * The share of the limit that a cut leaves. For longer calls it follows from Little's law: the provider's
 * throughput, at the usual latency, would take usual / present latency of the limit. Refusals and faults only
 * say that the limit is too high.
 */
function cutFactor({ usual }: Closed, { sign, seen }: Trouble, { tuning }: RuleContext): number {
  const latency = lnLatencyOf(seen);
  if (sign !== "latency" || usual === undefined || latency === undefined) return tuning.cut;
  return Math.min(tuning.cut, Math.max(tuning.latencyCutMin, Math.exp(usual.mean - latency.mean)));
}
