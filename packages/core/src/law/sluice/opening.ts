import { trippedCeilingAt } from "./ceiling.ts";
import { heldProofMaxMs } from "./held-ceiling.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Ceiling, Closed, HalfOpen, Open, Raise, TripPlan } from "./state.ts";
import { learned } from "./transitions.ts";

/**
 * Time after a trip beyond which no valve is kept open for the next probe: ventilators wait at the gate and messages go
 * round meanwhile, and an update takes its minute.
 */
const VALVE_KEPT_MAX_MS = 150_000;
/** Longest wait for a probe, whatever the pace: five minutes after the last trouble the breaker is to be closed. */
const WAIT_MAX_MS = 4 * 60_000;
/** Least time between the end of a probe and the start of the next, in paces. */
const PROBE_PAUSE_PACES = 0.5;

/**
 * Opens the breaker. A trip during a recovery is a relapse: the next wait is longer. One after a step up may
 * be the law's own doing: the next recovery goes step by step.
 */
export function tripped(state: Closed, context: RuleContext): Open {
  const { tuning, nowMs } = context;
  const isRelapse = state.recoveringSinceMs !== undefined;
  const isOverreach = isRelapse && state.limit > tuning.restartLimit;
  const relapseCount = state.relapseCount + (isRelapse ? 1 : 0);
  const valveKeptProbes = hasTrippedRecently(state, context)
    ? tuning.flappingValveProbes
    : tuning.valveProbes;
  const suspect = suspectRaise(state, context);
  const levelBefore = suspect?.backTo ?? Math.max(state.limit, state.rampTo, state.episode?.limit ?? 0);
  const firstWaitMs = waitMs(relapseCount, tuning.firstProbePaces, context);
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    relapseCount,
    overreachCount: state.overreachCount + (isOverreach ? 1 : 0),
    trippedAtMs: nowMs,
    wellAtMs: wellBefore(state, context),
    failedProbeCount: 0,
    probeAtMs: nowMs + firstWaitMs,
    isValveKept: valveKeptProbes > 0,
    valveKeptProbes,
    target: levelBefore,
    rampTo: isOverreach ? 1 : levelBefore,
    levelBefore,
    ...(suspect === undefined ? {} : { ceiling: undoneCeiling(state, suspect, firstWaitMs, context) }),
  };
}

/**
 * The last instant before a trip at which all was well. Trips in a row are one outage: a record waits for its next attempt
 * through several of them, and none of its faults is its own.
 */
function wellBefore(
  { wellAtMs, latestWellAtMs, epochStartedAtMs, closedAtMs = Number.NEGATIVE_INFINITY }: Closed,
  { config, tuning, nowMs }: RuleContext,
): number {
  const isInARow = nowMs - closedAtMs <= tuning.relapseMemoryPaces * config.paceMs;
  return (isInARow ? wellAtMs : undefined) ?? latestWellAtMs ?? epochStartedAtMs;
}

/**
 * The last raise, if that may have brought the outage about: a trip soon after it, and soon after another. One to a level
 * that may have brought a trip before is on trial for as long as its proof may take. Undefined where the level has
 * nothing to do with it as far as is known.
 */
function suspectRaise(state: Closed, context: RuleContext): Raise | undefined {
  const { lastRaise, ceiling } = state;
  if (lastRaise === undefined) return undefined;
  const isTried = ceiling?.isByTrip === true && lastRaise.to >= ceiling.limit;
  const trialMs = seenWithinMs(state, context) + (isTried ? heldProofMaxMs(ceiling, context) : 0);
  const isYoung = context.nowMs - lastRaise.atMs < trialMs;
  return isYoung && (isTried || hasTrippedRecently(state, context)) ? lastRaise : undefined;
}

/**
 * Time in which a level that its own load breaks has shown it, in ms: calls that hang do so only when their time is over.
 */
function seenWithinMs({ suspicions }: Closed, { config, tuning }: RuleContext): number {
  const lateMs = suspicions.outage.seen.timeoutCount > 0 ? config.timeoutMs : 0;
  return tuning.trialPaces * config.paceMs + lateMs;
}

function hasTrippedRecently({ trippedAtMs }: Closed, { config, tuning, nowMs }: RuleContext): boolean {
  return nowMs - (trippedAtMs ?? Number.NEGATIVE_INFINITY) < tuning.flappingPaces * config.paceMs;
}

/** The raise that is to be undone, as a ceiling: the flow is lost from when calls began to fail until the first probe. */
function undoneCeiling(state: Closed, raise: Raise, firstWaitMs: number, context: RuleContext): Ceiling {
  const failingMs = Math.min(context.nowMs - raise.atMs, seenWithinMs(state, context));
  return trippedCeilingAt(state, raise.to, failingMs + firstWaitMs, context);
}

/**
 * Opens the breaker because our own side can't begin a call, or calls wrongly. The provider has done nothing: neither
 * trip nor relapse is noted. The valve is shut, because each invocation may be a burden to what is broken.
 */
export function openForEnvironment(
  state: Closed,
  context: RuleContext,
  more: Pick<TripPlan, "isAllRejected"> = {},
): Open {
  const levelBefore = Math.max(state.limit, state.rampTo, state.episode?.limit ?? 0);
  return {
    ...learned(state),
    phase: "open",
    reason: "environment",
    ...more,
    epoch: state.epoch + 1,
    failedProbeCount: 0,
    probeAtMs: context.nowMs + environmentWaitMs(0, context),
    isValveKept: false,
    valveKeptProbes: 0,
    target: levelBefore,
    rampTo: state.rampTo,
    levelBefore,
  };
}

/** Begins to probe: one permit at a time is lent. */
export function probing(state: Open | HalfOpen, { nowMs }: RuleContext): HalfOpen {
  return {
    ...learned(state),
    phase: "half-open",
    epoch: state.epoch + 1,
    limit: 1,
    probeStartedAtMs: nowMs,
    failedProbeCount: state.failedProbeCount,
    doubtfulFaultCount: 0,
    ...tripPlanOf(state),
  };
}

/** The same with the valve opened for the next record to appear, unless it is open still. */
export function awaitingRecord(state: HalfOpen): HalfOpen {
  return state.isValveKept ? state : { ...state, awaitsRecord: true };
}

/**
 * Opens the breaker after a failed probe. The wait counts from its start, which no call lies further back than
 * its timeout: one that hangs has waited.
 */
export function reopened(state: HalfOpen, context: RuleContext): Open {
  const { config, tuning, nowMs } = context;
  const failedProbeCount = state.failedProbeCount + 1;
  const startedAtMs = Math.max(state.probeStartedAtMs, nowMs - config.timeoutMs);
  const intervalMs =
    state.reason === "environment"
      ? environmentWaitMs(failedProbeCount, context)
      : waitMs(state.relapseCount, tuning.probePaces, context);
  const probeAtMs = Math.max(nowMs + pauseMs(context), startedAtMs + intervalMs);
  const isSoon = probeAtMs - (state.trippedAtMs ?? nowMs) <= VALVE_KEPT_MAX_MS;
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    failedProbeCount,
    ...tripPlanOf(state),
    isValveKept: isSoon && failedProbeCount < state.valveKeptProbes,
    probeAtMs,
  };
}

/** Opens the breaker again after a probe that could not begin: it proves nothing, and is made again later. */
export function probedInVain(state: HalfOpen, context: RuleContext): Open {
  return {
    ...learned(state),
    phase: "open",
    epoch: state.epoch + 1,
    failedProbeCount: state.failedProbeCount,
    ...tripPlanOf(state),
    probeAtMs: context.nowMs + environmentWaitMs(0, context),
  };
}

/** The wait for a probe, in ms; each relapse doubles it. */
function waitMs(relapseCount: number, paces: number, { config, tuning }: RuleContext): number {
  return Math.min(WAIT_MAX_MS, config.paceMs * Math.min(tuning.openMaxPaces, paces * 2 ** relapseCount));
}

/** The wait for the next try after so many that our own side could not begin, in ms. */
function environmentWaitMs(failedCount: number, { config, tuning }: RuleContext): number {
  const paces = Math.min(tuning.openMaxPaces, tuning.environmentPaces * 1.5 ** failedCount);
  return Math.min(WAIT_MAX_MS, config.paceMs * paces);
}

function tripPlanOf({ reason, isAllRejected, ceiling, ...plan }: TripPlan): TripPlan {
  const { isValveKept, valveKeptProbes, target, rampTo, levelBefore } = plan;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(isAllRejected && { isAllRejected }),
    ...(ceiling === undefined ? {} : { ceiling }),
    isValveKept,
    valveKeptProbes,
    target,
    rampTo,
    levelBefore,
  };
}

function pauseMs({ config }: RuleContext): number {
  return PROBE_PAUSE_PACES * config.paceMs;
}
