import { lnLatencyOf, successCount, votingCount } from "../evidence.ts";
import { type Sign, shareOf, type Trouble } from "./judge.ts";
import { learn } from "./latency-window.ts";
import type { Ruling, Setting } from "./ruling.ts";
import type { Ceiling, Closed, Episode } from "./state.ts";
import { shareDifferenceZ, wilsonLowerBound } from "./statistics.ts";
import { atLimit, tripped, without } from "./transitions.ts";

/** At limit 1 so many throttled calls, and such a share of them, mean that not even one is welcome. */
const REFUSED_COUNT = 10;
const REFUSED_SHARE = 0.8;

/**
 * What to do about trouble: undo a step up that brought it; trip at the bottom; give in where lowering the limit has
 * not helped; otherwise cut.
 */
export function lower(state: Closed, trouble: Trouble, setting: Setting): Ruling {
  if (state.test !== undefined) return undoStep(state, state.test.from, trouble, setting);
  if (state.limit === 1) return atTheBottom(state, trouble, setting);
  const { episode } = state;
  if (episode === undefined) return cut(state, trouble, setting);
  const mayBeWeather = state.limit <= episode.limit / 2 && isBelievable(trouble, setting);
  if (!mayBeWeather || hasHelped(episode, trouble, setting)) return cut(state, trouble, setting);
  return giveIn(state, episode.limit, trouble, setting);
}

/** Back to the level before a step, which is not tried again for a while. */
export function undoStep(state: Closed, from: number, { sign, inputs }: Trouble, setting: Setting): Ruling {
  const next = {
    ...without(state, "test"),
    ceiling: ceilingAt(state, sign, setting),
    rampTo: from,
    growthCount: 0,
  };
  return { rule: `step up undone: ${sign}`, inputs, state: atLimit(next, from, setting) };
}

function atTheBottom(state: Closed, trouble: Trouble, setting: Setting): Ruling {
  const { inputs, sign } = trouble;
  if (isHopeless(state, trouble, setting)) {
    return { rule: `tripped at the bottom: ${sign}`, inputs, state: tripped(state, setting) };
  }
  if (sign === "throttled" || !isBelievable(trouble, setting)) return { state };
  return giveIn(state, state.episode?.limit ?? state.limit, trouble, setting);
}

function isHopeless({ backgroundShare }: Closed, { sign, seen }: Trouble, { tuning }: Setting): boolean {
  switch (sign) {
    case "faults":
      return wilsonLowerBound(seen.faultCount, votingCount(seen)) > tuning.floorBadShare + backgroundShare;
    case "throttled":
      return seen.throttledCount >= REFUSED_COUNT && shareOf(sign, seen) > REFUSED_SHARE;
    case "slow":
    case "latency":
      return false;
  }
}

/** Nobody lives with a provider that fails most of the time. */
function isBelievable({ sign, seen }: Trouble, { tuning }: Setting): boolean {
  return sign !== "faults" || shareOf(sign, seen) <= tuning.backgroundMax;
}

/** Whether the limit is to blame: with less of it, the same trouble has become clearly smaller. */
function hasHelped(episode: Episode, { sign, seen }: Trouble, { tuning }: Setting): boolean {
  if (sign === "throttled") return true;
  const then = { share: episode.badShare, count: episode.seenCount };
  const now = { share: shareOf(sign, seen), count: votingCount(seen) };
  if (shareDifferenceZ(then, now) > tuning.shareGainZ) return true;
  const lnLatency = lnLatencyOf(seen)?.mean;
  if (sign === "faults" || lnLatency === undefined || episode.lnLatency === undefined) return false;
  return episode.lnLatency - lnLatency > tuning.latencyGain;
}

/** It is the provider's weather: what it brings is usual from now on, and the limit is what it was. */
function giveIn(state: Closed, limit: number, trouble: Trouble, setting: Setting): Ruling {
  const believed: Closed = { ...state, ...believe(state, trouble, setting), rampTo: limit, growthCount: 0 };
  return {
    rule: `given in, lowering does not help: ${trouble.sign}`,
    inputs: trouble.inputs,
    state: atLimit(without(believed, "episode", "ceiling"), limit, setting),
  };
}

function believe(state: Closed, { sign, seen }: Trouble, { tuning }: Setting): Partial<Closed> {
  if (sign === "faults") {
    const share = Math.max(state.backgroundShare, shareOf(sign, seen));
    return { backgroundShare: Math.min(tuning.backgroundMax, share) };
  }
  const latency = lnLatencyOf(seen);
  if (latency === undefined) return {};
  const slowShare = seen.slowCount / Math.max(1, successCount(seen));
  return learn({ ...latency, slowShare, windowCount: 1 }, state);
}

function cut(state: Closed, { sign, seen, inputs }: Trouble, setting: Setting): Ruling {
  const { tuning } = setting;
  const badShare = shareOf(sign, seen);
  const limit = Math.max(1, Math.floor(state.limit * (badShare >= 0.5 ? tuning.deepCut : tuning.cut)));
  const lnLatency = lnLatencyOf(seen)?.mean;
  const episode = state.episode ?? {
    limit: state.limit,
    badShare,
    seenCount: votingCount(seen),
    ...(lnLatency === undefined ? {} : { lnLatency }),
  };
  const next = {
    ...state,
    episode,
    ceiling: ceilingAt(state, sign, setting),
    rampTo: limit,
    growthCount: 0,
  };
  return { rule: `cut: ${sign}`, inputs, state: atLimit(next, limit, setting) };
}

/** The present limit as a ceiling. One that is met again at about the same level holds for twice as long. */
function ceilingAt(state: Closed, sign: Sign, { config: { paceMs }, tuning, nowMs }: Setting): Ceiling {
  const isByLatency = sign === "latency" || sign === "slow";
  const { ceiling } = state;
  const isAgain = ceiling !== undefined && state.test !== undefined && state.limit >= ceiling.limit;
  const heldForMs = isAgain
    ? Math.min(tuning.ceilingMaxPaces * paceMs, 2 * ceiling.heldForMs)
    : tuning.ceilingPaces * paceMs;
  return { limit: state.limit, untilMs: nowMs + heldForMs, heldForMs, isByLatency };
}
