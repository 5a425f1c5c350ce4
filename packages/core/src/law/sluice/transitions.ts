import { NO_EVIDENCE } from "../evidence.ts";
import type { LawConfig } from "../law-config.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, HalfOpen, Learned, Open, Opening } from "./state.ts";
import { UNSUSPECTED } from "./take-in.ts";

/** What every new epoch begins with: what was observed before it is no evidence for it. */
const FRESH = {
  evidence: NO_EVIDENCE,
  settled: NO_EVIDENCE,
  window: NO_EVIDENCE,
  isProven: false,
  hasCalmWindow: false,
  suspicions: { faults: UNSUSPECTED, throttled: UNSUSPECTED, slow: UNSUSPECTED, outage: UNSUSPECTED },
  longWindows: { count: 0, seen: NO_EVIDENCE },
} as const;

/** Longer than a worker lives after its call's timeout: a probe that has not reported by then is dead. */
const PROBE_GRACE_MS = 15_000;
/** Between the end of a probe and the start of the next, at least. */
const PROBE_PAUSE_PACES = 0.5;

/** A limit below a ceiling that holds for so many paces yet is there to stay. */
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

/** A new epoch at another limit. */
export function atLimit(state: Closed, limit: number, context: RuleContext): Closed {
  // An outage is one at any limit: what has been seen of it stays.
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
 * The valve is set for where the limit may be soon: it takes up to a minute to turn, and a limit that outgrows it is
 * not used. Below a ceiling there is nowhere to go.
 */
function valveTarget({ limit, rampTo, ceiling }: Closed, { config, nowMs }: RuleContext): number {
  if (limit < rampTo) return rampTo;
  const isSettled = ceiling !== undefined && ceiling.untilMs - nowMs > SETTLED_PACES * config.paceMs;
  if (isSettled) return limit;
  return Math.min(config.maxConcurrency, limit + Math.max(2, Math.ceil(limit / 2)));
}

/**
 * The breaker opens. A trip during a recovery is a relapse: the next wait is longer. One after a step up may be our
 * doing: the next recovery goes step by step.
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

/** A probe begins, with one permit. */
export function probing(state: Open | HalfOpen, { config, nowMs }: RuleContext): HalfOpen {
  return {
    ...learned(state),
    phase: "half-open",
    epoch: state.epoch + 1,
    limit: 1,
    probeStartedAtMs: nowMs,
    probeUntilMs: nowMs + config.timeoutMs + PROBE_GRACE_MS,
    failedProbeCount: state.failedProbeCount,
    ...openingOf(state),
  };
}

/** A probe has failed. The wait counts from its start, because one that hangs has waited already. */
export function reopened(state: HalfOpen, context: RuleContext): Open {
  const failedProbeCount = state.failedProbeCount + 1;
  const dueAtMs = state.probeStartedAtMs + waitMs(state.relapseCount, context.tuning.probePaces, context);
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    failedProbeCount,
    ...openingOf(state),
    isValveKept: failedProbeCount < state.valveKeptProbes,
    probeAtMs: Math.max(context.nowMs + pauseMs(context), dueAtMs),
  };
}

/** A probe that came to nothing is made again soon, and proves nothing. */
export function probedInVain(state: HalfOpen, context: RuleContext): Open {
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    failedProbeCount: state.failedProbeCount,
    ...openingOf(state),
    probeAtMs: context.nowMs + pauseMs(context),
  };
}

/**
 * The breaker closes again, at a low limit that ramps up from there. An outage that was over by the first probe was
 * nothing that a step up had brought about, or is not worth being careful for.
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

/** Where calls are so short that a thousand of them take less than a pace, steps come faster: up to four in a pace. */
export function growPaceMs({ paceMs, medianMs }: LawConfig): number {
  return Math.min(paceMs, Math.max(paceMs / 4, 1_000 * medianMs));
}

/** Each relapse doubles the wait for a probe. */
function waitMs(relapseCount: number, paces: number, { config, tuning }: RuleContext): number {
  return config.paceMs * Math.min(tuning.openMaxPaces, paces * 2 ** relapseCount);
}

function openingOf({ isValveKept, valveKeptProbes, target, rampTo, levelBefore }: Opening): Opening {
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
