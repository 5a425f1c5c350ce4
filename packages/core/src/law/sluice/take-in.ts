import { type Evidence, NO_EVIDENCE, plus, startedCount, successCount, voteForCount } from "../evidence.ts";
import type { LawConfig } from "../law-config.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, Suspicion, Usual } from "./state.ts";
import { type Weights, waldWeights } from "./statistics.ts";
import type { SluiceTuning } from "./tuning.ts";

/** Faults of records that are known to be bad, and nothing else, that are worth a success on the way up. */
const REPEATS_PER_SUCCESS = 3;

/** Adds reported evidence to the state of the current epoch. */
export function takeIn(state: Closed, evidence: Evidence, context: RuleContext): Closed {
  const { tuning } = context;
  const { faults, throttled, slow, outage, environment, rejections } = state.suspicions;
  const successes = voteForCount(evidence);
  const hasSettled = context.nowMs - state.epochStartedAtMs >= settlingMs(state, context);
  const grow = (suspicion: Suspicion, badCount: number, goodCount: number, { bad, good }: Weights) =>
    grown(suspicion, badCount * bad + goodCount * good, evidence);
  const suspicions = {
    faults: grow(faults, evidence.faultCount, successes, faultWeights(state, tuning)),
    throttled: grow(throttled, evidence.throttledCount, successes, throttledWeights(tuning)),
    slow: grow(slow, evidence.slowCount, evidence.okCount, slowWeights(state, tuning)),
    outage: grown(outage, outageGrowth(evidence, tuning), evidence),
    environment: grown(environment, environmentGrowth(evidence, tuning), evidence),
    rejections: grown(rejections, rejectionGrowth(evidence, tuning), evidence),
  };
  return {
    ...state,
    ...(isWell({ ...state, suspicions }) && { latestWellAtMs: context.nowMs }),
    backgroundShare: backgroundAfter(state, evidence, tuning),
    suspicions,
    evidence: plus(state.evidence, evidence),
    cleanCount: badCount(evidence) === 0 ? state.cleanCount + successes + calmOfRepeats(evidence) : 0,
    ...(hasSettled ? { settled: plus(state.settled, evidence), window: plus(state.window, evidence) } : {}),
  };
}

/**
 * True while faults are as usual. That no outage is suspected is not enough: until seven calls in ten fail, each answer wipes
 * that suspicion out; nor is that of faults, which begins anew with each cut.
 */
function isWell({ suspicions: { faults, outage }, episode }: Closed): boolean {
  return outage.score === 0 && faults.score === 0 && episode === undefined;
}

/**
 * The worth, in successes, of faults of records that are known to be bad. They say nothing; but after an outage hundreds of
 * them may come first, and a limit that waited for other news would stay at one call at a time until all have died.
 */
function calmOfRepeats({ repeatFaultCount }: Evidence): number {
  return repeatFaultCount / REPEATS_PER_SUCCESS;
}

/** Faults and refusals that speak of the provider. */
export function badCount({ faultCount, throttledCount }: Evidence): number {
  return faultCount + throttledCount;
}

/** The share of faults that is believed usual: forgotten when the provider no longer has it, else refined. */
function backgroundAfter(
  { backgroundShare, episode }: Closed,
  evidence: Evidence,
  tuning: SluiceTuning,
): number {
  const votes = voteForCount(evidence) + evidence.faultCount;
  if (backgroundShare === 0 || votes === 0 || episode !== undefined) return backgroundShare;
  const weight = Math.min(1, votes / tuning.backgroundMemory);
  const share = backgroundShare + weight * (evidence.faultCount / votes - backgroundShare);
  return Math.min(tuning.backgroundMax, share);
}

/**
 * True for one mean latency, at most a pace, after a step up was undone: the level was good a moment ago, and
 * the calls of the higher one have yet to end.
 */
export function isInGrace(
  { isProven, epochStartedAtMs, usual }: Closed,
  { config, nowMs }: RuleContext,
): boolean {
  return isProven && nowMs - epochStartedAtMs < Math.min(config.paceMs, meanLatencyMs(usual, config));
}

/**
 * Time from which the calls of an epoch that end are a fair sample, in ms: the first ones to end are the
 * short ones. The mean of a log-normal is exp(mean + variance / 2) of its logarithm.
 */
function settlingMs({ usual }: Closed, { config, tuning }: RuleContext): number {
  return tuning.settlingMeans * meanLatencyMs(usual, config);
}

function meanLatencyMs(usual: Usual | undefined, { medianMs }: LawConfig): number {
  return usual === undefined ? medianMs : Math.exp(usual.mean + usual.variance / 2);
}

/** The weights of a fault and of a success, given the share of faults that the provider always has. */
export function faultWeights({ backgroundShare }: Closed, tuning: SluiceTuning): Weights {
  const believed = backgroundShare === 0 ? 0 : backgroundShare + tuning.backgroundMargin;
  return weightsAbove(Math.max(tuning.usualFaultShare, believed), tuning.faultShareRise);
}

function throttledWeights(tuning: SluiceTuning): Weights {
  return weightsAbove(tuning.usualThrottledShare, tuning.throttledShareRise);
}

/** The weights of a slow call and of one that is not; zero until the usual latency is known. */
function slowWeights({ usual }: Closed, tuning: SluiceTuning): Weights {
  if (usual === undefined) return NO_WEIGHTS;
  return weightsAbove(Math.max(tuning.usualSlowShare, usual.slowShare), tuning.slowShareRise);
}

/** Growth of the suspicion of an outage; any answer that is no fault shows that the provider lives. */
function outageGrowth(evidence: Evidence, tuning: SluiceTuning): number {
  const answers = successCount(evidence) + evidence.throttledCount + evidence.rejectedCount;
  return evidence.faultCount - answers * tuning.tripRelief;
}

/** Growth of the suspicion that our own side is broken; any call that began shows that it is not. */
function environmentGrowth(evidence: Evidence, { tripRelief }: SluiceTuning): number {
  return evidence.unavailableCount - startedCount(evidence) * tripRelief;
}

/** Growth of the suspicion that all is rejected; any success shows that not all is, other outcomes show nothing. */
function rejectionGrowth(evidence: Evidence, { usualRejectedShare, allRejectedShare }: SluiceTuning): number {
  const { bad, good } = waldWeights(usualRejectedShare, allRejectedShare);
  const { rejectedCount, ownRejectedCount, repeatRejectedCount } = evidence;
  // While two versions are at work, what is news to one may hold a sum that the other does not know.
  const tellingCount = Math.max(0, rejectedCount - ownRejectedCount - repeatRejectedCount);
  return tellingCount * bad + successCount(evidence) * good;
}

/** Wald's weights for trouble at `rise` above usual; zero if no share can be that high. */
function weightsAbove(usual: number, rise: number): Weights {
  return usual + rise < 1 ? waldWeights(usual, usual + rise) : NO_WEIGHTS;
}

const NO_WEIGHTS: Weights = { bad: 0, good: 0 };

function grown({ score, seen }: Suspicion, growth: number, evidence: Evidence): Suspicion {
  const next = Math.max(0, score + growth);
  return next === 0 ? UNSUSPECTED : { score: next, seen: plus(seen, evidence) };
}

/** No suspicion at all. */
export const UNSUSPECTED: Suspicion = { score: 0, seen: NO_EVIDENCE };
