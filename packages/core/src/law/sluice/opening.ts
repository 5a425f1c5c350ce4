import { trippedCeilingAt } from "./ceiling.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, HalfOpen, Open, Raise, TripPlan } from "./state.ts";
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
  const { config, tuning, nowMs } = context;
  const isRelapse = state.recoveringSinceMs !== undefined;
  const isOverreach = isRelapse && state.limit > tuning.restartLimit;
  const relapseCount = state.relapseCount + (isRelapse ? 1 : 0);
  const isRecent =
    nowMs - (state.trippedAtMs ?? Number.NEGATIVE_INFINITY) < tuning.flappingPaces * config.paceMs;
  const valveKeptProbes = isRecent ? tuning.flappingValveProbes : tuning.valveProbes;
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
    failedProbeCount: 0,
    probeAtMs: nowMs + firstWaitMs,
    isValveKept: valveKeptProbes > 0,
    valveKeptProbes,
    target: levelBefore,
    rampTo: isOverreach ? 1 : levelBefore,
    levelBefore,
    ...(suspect === undefined ? {} : { ceiling: trippedCeilingAt(state, suspect, firstWaitMs, context) }),
  };
}

/**
 * The last raise, if that may have brought the outage about: a trip soon after it, and soon after another or once more at
 * such a level. Undefined where the level has nothing to do with it as far as is known.
 */
function suspectRaise(state: Closed, { config, tuning, nowMs }: RuleContext): Raise | undefined {
  const { trippedAtMs, lastRaise, ceiling, suspicions } = state;
  if (lastRaise === undefined) return undefined;
  // Calls that hang show it only when their time is over.
  const lateMs = suspicions.outage.seen.timeoutCount > 0 ? config.timeoutMs : 0;
  const isYoung = nowMs - lastRaise.atMs < tuning.trialPaces * config.paceMs + lateMs;
  const isRecent = nowMs - (trippedAtMs ?? Number.NEGATIVE_INFINITY) < tuning.flappingPaces * config.paceMs;
  const isTried = ceiling?.isByTrip === true && lastRaise.to >= ceiling.limit;
  return isTried || (isRecent && isYoung) ? lastRaise : undefined;
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
