import { NO_EVIDENCE } from "../evidence.ts";
import type { LawConfig } from "../law-config.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, HalfOpen, Learned } from "./state.ts";
import { UNSUSPECTED } from "./take-in.ts";

/** The start of every epoch: outcomes from before it are no evidence for it. */
const FRESH = {
  evidence: NO_EVIDENCE,
  cleanCount: 0,
  settled: NO_EVIDENCE,
  window: NO_EVIDENCE,
  isProven: false,
  hasCalmWindow: false,
  suspicions: {
    faults: UNSUSPECTED,
    throttled: UNSUSPECTED,
    slow: UNSUSPECTED,
    outage: UNSUSPECTED,
    environment: UNSUSPECTED,
    rejections: UNSUSPECTED,
  },
  longWindows: { count: 0, seen: NO_EVIDENCE },
} as const;

/** Paces that a ceiling must still hold for the limit below it to be there to stay. */
const SETTLED_PACES = 9;

/** The state of a provider of which nothing is known: its contract is believed. */
export function initialState({ maxConcurrency }: LawConfig, nowMs: number): Closed {
  return {
    ...FRESH,
    phase: "closed",
    epoch: 0,
    limit: maxConcurrency,
    rampTo: maxConcurrency,
    target: maxConcurrency,
    epochStartedAtMs: nowMs,
    backgroundShare: 0,
    relapseCount: 0,
    overreachCount: 0,
    growthCount: 0,
  };
}

/** Begins an epoch at another limit. */
export function atLimit(state: Closed, limit: number, context: RuleContext): Closed {
  // An outage is one at any limit, and a wrong address too: their suspicions stay.
  const { outage, environment, rejections } = state.suspicions;
  const suspicions = { ...FRESH.suspicions, outage, environment, rejections };
  const next = {
    ...state,
    ...FRESH,
    suspicions,
    limit,
    epoch: state.epoch + 1,
    epochStartedAtMs: context.nowMs,
  };
  return { ...next, target: valveTarget(next, context) };
}

/** Begins to look at the same limit anew, with no evidence at all: that of an outage has been dealt with. */
export function anew(state: Closed, { nowMs }: RuleContext): Closed {
  return { ...state, ...FRESH, epochStartedAtMs: nowMs };
}

/**
 * The limit that the valve is set for, one that may be reached soon: a valve takes up to a minute to turn,
 * and a limit that outgrows it is not used. Below a ceiling there is nowhere to go.
 */
function valveTarget({ limit, rampTo, ceiling }: Closed, { config, tuning, nowMs }: RuleContext): number {
  if (limit < rampTo) return rampTo;
  if (ceiling !== undefined && ceiling.untilMs - nowMs > SETTLED_PACES * config.paceMs) {
    // A step towards a level that brought a hold must be in full use before it is believed.
    const room = ceiling.holdMs === undefined ? 0 : Math.ceil(limit * tuning.growth);
    return Math.min(Math.max(limit, ceiling.limit - 1), limit + room);
  }
  return Math.min(config.maxConcurrency, limit + Math.max(2, Math.ceil(limit / 2)));
}

/**
 * Closes the breaker again, at a low limit that ramps up from there. An outage that was over by the first
 * probe was not brought about by a step up, or is not worth being careful for.
 */
export function restarted(state: HalfOpen, limit: number, { config, nowMs }: RuleContext): Closed {
  const wasShort = state.failedProbeCount === 0;
  const rampTo = wasShort ? state.levelBefore : state.rampTo;
  const isCareful = !wasShort && state.overreachCount > 0;
  return {
    ...FRESH,
    ...learned(state),
    ...(wasShort ? { overreachCount: 0 } : {}),
    phase: "closed",
    epoch: state.epoch + 1,
    limit: Math.min(limit, rampTo),
    rampTo,
    target: Math.min(config.maxConcurrency, Math.max(rampTo, 2)),
    epochStartedAtMs: nowMs,
    closedAtMs: nowMs,
    growthCount: 0,
    recoveringSinceMs: nowMs,
    ...(state.ceiling === undefined ? {} : { ceiling: state.ceiling }),
    ...(isCareful ? { wantsSmallBatches: true } : {}),
  };
}

/**
 * Closes the breaker after an outage of our own side, at a low limit that ramps up: what a trip of the
 * provider's would have taught is not learned.
 */
export function restored(state: HalfOpen, { config, tuning, nowMs }: RuleContext): Closed {
  const { rampTo } = state;
  return {
    ...FRESH,
    ...learned(state),
    phase: "closed",
    epoch: state.epoch + 1,
    limit: Math.min(tuning.restartLimit, rampTo),
    rampTo,
    target: Math.min(config.maxConcurrency, Math.max(rampTo, 2)),
    epochStartedAtMs: nowMs,
    growthCount: 0,
  };
}

/** Time between steps up, in ms: that of a thousand calls, but from a quarter of a pace to a whole one. */
export function growPaceMs({ paceMs, medianMs }: LawConfig): number {
  return Math.min(paceMs, Math.max(paceMs / 4, 1_000 * medianMs));
}

/** A record, so that no part can be forgotten here. */
const LEARNED: Readonly<Record<keyof Learned, true>> = {
  epoch: true,
  limit: true,
  backgroundShare: true,
  relapseCount: true,
  overreachCount: true,
  usual: true,
  usualLatencyMs: true,
  trippedAtMs: true,
  wellAtMs: true,
  closedAtMs: true,
};

/** The part of a state that outlives a change of phase. */
export function learned(state: Learned): Learned {
  const known = Object.entries(state).filter(([name, value]) => name in LEARNED && value !== undefined);
  // Each part of it is in the list, and none other.
  return Object.fromEntries(known) as unknown as Learned;
}

/** A state without some of its optional parts. */
export function without(
  state: Closed,
  ...parts: readonly (
    | "ceiling"
    | "episode"
    | "lastEpisode"
    | "test"
    | "recoveringSinceMs"
    | "wantsSmallBatches"
  )[]
): Closed {
  const next = { ...state };
  for (const part of parts) delete next[part];
  return next;
}
