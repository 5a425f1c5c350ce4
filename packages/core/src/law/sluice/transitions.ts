import { NO_EVIDENCE } from "../evidence.ts";
import type { LawConfig } from "../law-config.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, HalfOpen, Learned, Open, TripPlan } from "./state.ts";
import { UNSUSPECTED } from "./take-in.ts";

/** The start of every epoch: outcomes from before it are no evidence for it. */
const FRESH = {
  evidence: NO_EVIDENCE,
  settled: NO_EVIDENCE,
  window: NO_EVIDENCE,
  isProven: false,
  hasCalmWindow: false,
  suspicions: { faults: UNSUSPECTED, throttled: UNSUSPECTED, slow: UNSUSPECTED, outage: UNSUSPECTED },
  longWindows: { count: 0, seen: NO_EVIDENCE },
} as const;

/** Time after a call's timeout at which a probe that has not reported is dead: its worker lives no longer. */
const PROBE_GRACE_MS = 15_000;
/** Least time between the end of a probe and the start of the next, in paces. */
const PROBE_PAUSE_PACES = 0.5;

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
  // An outage is one at any limit: its suspicion stays.
  const suspicions = { ...FRESH.suspicions, outage: state.suspicions.outage };
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
 * Opens the breaker. A trip during a recovery is a relapse: the next wait is longer. One after a step up may
 * be the law's own doing: the next recovery goes step by step.
 */
export function tripped(state: Closed, context: RuleContext): Open {
  const { config, tuning, nowMs } = context;
  const isRelapse = state.recoveringSinceMs !== undefined;
  const isOverreach = isRelapse && state.limit > tuning.restartLimit;
  const relapseCount = state.relapseCount + (isRelapse ? 1 : 0);
  const isRecent =
    nowMs - (state.trippedAtMs ?? Number.NEGATIVE_INFINITY) < tuning.flappingPaces * config.paceMs;
  const valveKeptProbes = isRecent ? tuning.flappingValveProbes : tuning.valveProbes;
  const levelBefore = Math.max(state.limit, state.rampTo, state.episode?.limit ?? 0);
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    relapseCount,
    overreachCount: state.overreachCount + (isOverreach ? 1 : 0),
    trippedAtMs: nowMs,
    failedProbeCount: 0,
    probeAtMs: nowMs + waitMs(relapseCount, tuning.firstProbePaces, context),
    isValveKept: valveKeptProbes > 0,
    valveKeptProbes,
    target: levelBefore,
    rampTo: isOverreach ? 1 : levelBefore,
    levelBefore,
  };
}

/** Begins a probe, with one permit. */
export function probing(state: Open | HalfOpen, { config, nowMs }: RuleContext): HalfOpen {
  return {
    ...learned(state),
    phase: "half-open",
    epoch: state.epoch + 1,
    limit: 1,
    probeStartedAtMs: nowMs,
    probeUntilMs: nowMs + config.timeoutMs + PROBE_GRACE_MS,
    failedProbeCount: state.failedProbeCount,
    ...tripPlanOf(state),
  };
}

/** Opens the breaker after a failed probe. The wait counts from its start: one that hangs has waited. */
export function reopened(state: HalfOpen, context: RuleContext): Open {
  const failedProbeCount = state.failedProbeCount + 1;
  const dueAtMs = state.probeStartedAtMs + waitMs(state.relapseCount, context.tuning.probePaces, context);
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    failedProbeCount,
    ...tripPlanOf(state),
    isValveKept: failedProbeCount < state.valveKeptProbes,
    probeAtMs: Math.max(context.nowMs + pauseMs(context), dueAtMs),
  };
}

/** Opens the breaker again after a probe that came to nothing: it proves nothing, and is made again soon. */
export function probedInVain(state: HalfOpen, context: RuleContext): Open {
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    failedProbeCount: state.failedProbeCount,
    ...tripPlanOf(state),
    probeAtMs: context.nowMs + pauseMs(context),
  };
}

/**
 * Closes the breaker again, at a low limit that ramps up from there. An outage that was over by the first
 * probe was not brought about by a step up, or is not worth being careful for.
 */
export function restarted(state: Open | HalfOpen, limit: number, { config, nowMs }: RuleContext): Closed {
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
    growthCount: 0,
    recoveringSinceMs: nowMs,
    ...(isCareful ? { wantsSmallBatches: true } : {}),
  };
}

/** Time between steps up, in ms: that of a thousand calls, but from a quarter of a pace to a whole one. */
export function growPaceMs({ paceMs, medianMs }: LawConfig): number {
  return Math.min(paceMs, Math.max(paceMs / 4, 1_000 * medianMs));
}

/** The wait for a probe, in ms; each relapse doubles it. */
function waitMs(relapseCount: number, paces: number, { config, tuning }: RuleContext): number {
  return config.paceMs * Math.min(tuning.openMaxPaces, paces * 2 ** relapseCount);
}

function tripPlanOf({ isValveKept, valveKeptProbes, target, rampTo, levelBefore }: TripPlan): TripPlan {
  return { isValveKept, valveKeptProbes, target, rampTo, levelBefore };
}

function pauseMs({ config }: RuleContext): number {
  return PROBE_PAUSE_PACES * config.paceMs;
}

function learned(state: Learned): Learned {
  const { epoch, limit, backgroundShare, relapseCount, overreachCount } = state;
  const { usual, usualLatencyMs, trippedAtMs } = state;
  return {
    epoch,
    limit,
    backgroundShare,
    relapseCount,
    overreachCount,
    ...(usual === undefined ? {} : { usual }),
    ...(usualLatencyMs === undefined ? {} : { usualLatencyMs }),
    ...(trippedAtMs === undefined ? {} : { trippedAtMs }),
  };
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
