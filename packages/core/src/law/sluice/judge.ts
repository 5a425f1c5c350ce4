import { type Evidence, lnLatencyOf, successCount, voteForCount, votingCount } from "../evidence.ts";
import type { DecisionInputs } from "../law.ts";
import { closeWindow } from "./latency-window.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, Suspicion } from "./state.ts";
import { badCount, faultWeights, isInGrace } from "./take-in.ts";
import type { SluiceTuning } from "./tuning.ts";

/** The law's reading of the evidence of an epoch. */
export type Judgement =
  | { readonly kind: "outage" | "environment" | "rejections"; readonly inputs: DecisionInputs }
  | { readonly kind: "bad"; readonly trouble: Trouble }
  | { readonly kind: "good" }
  | { readonly kind: "undecided" };

/** Trouble, and the evidence that showed it. */
export interface Trouble {
  readonly sign: Sign;
  /** Evidence since it began to show. */
  readonly seen: Evidence;
  readonly inputs: DecisionInputs;
}

/** The form in which trouble shows. */
export type Sign = "throttled" | "faults" | "slow" | "latency";

/** A judgement, and the state with its latency window closed if it was full. */
export interface Judged {
  readonly state: Closed;
  readonly judgement: Judgement;
}

/** Fewest successes after which an epoch without anything bad is good. */
const CLEAN_MIN = 3;
/** Bounds of the faults that show an outage: half the limit, but no more and no fewer than these. */
const OUTAGE_FAULTS_MAX = 10;
const OUTAGE_FAULTS_MIN = 2;
/** Score of an outage that is enough among the first calls after a probe: they have little credit. */
const TRIAL_SCORE = 3;

/** Factor of the evidence that is asked for against a level that has just been good. */
const GRACE = 3;

/** Judges the evidence taken in, the gravest sign first. */
export function judge(taken: Closed, context: RuleContext): Judged {
  const { tuning } = context;
  const { state, isLong } = closeWindow(taken, tuning);
  const { faults, throttled, slow, outage, environment, rejections } = state.suspicions;
  if (isOutage(state, tuning)) {
    const { faultCount, timeoutCount } = outage.seen;
    const inputs = { faults: faultCount, timeouts: timeoutCount, score: outage.score };
    return { state, judgement: { kind: "outage", inputs } };
  }
  if (environment.score >= tuning.tripAt) {
    const inputs = { unavailable: environment.seen.unavailableCount, score: environment.score };
    return { state, judgement: { kind: "environment", inputs } };
  }
  if (rejections.score >= tuning.badAt) {
    const inputs = { rejected: rejections.seen.rejectedCount, fetched: successCount(rejections.seen) };
    return { state, judgement: { kind: "rejections", inputs } };
  }
  const bad = (sign: Sign, seen: Evidence): Judged => ({
    state,
    judgement: { kind: "bad", trouble: { sign, seen, inputs: inputsOf(sign, seen) } },
  });
  const throttledAt = tuning.throttledAt * (isInGrace(state, context) ? GRACE : 1);
  if (throttled.score >= throttledAt) return bad("throttled", throttled.seen);
  if (faults.score >= tuning.badAt && !mayBeOutage(outage, tuning)) return bad("faults", faults.seen);
  if (slow.score >= tuning.badAt) return bad("slow", slow.seen);
  if (isLong) return bad("latency", state.longWindows.seen);
  return { state, judgement: { kind: isGood(state, tuning) ? "good" : "undecided" } };
}

/** Share of calls that show this sign. */
export function badShare(sign: Sign, seen: Evidence): number {
  switch (sign) {
    case "throttled":
      return seen.throttledCount / Math.max(1, votingCount(seen));
    case "faults":
      return seen.faultCount / Math.max(1, votingCount(seen));
    case "slow":
    case "latency":
      return seen.slowCount / Math.max(1, successCount(seen));
  }
}

function inputsOf(sign: Sign, seen: Evidence): DecisionInputs {
  const calls = votingCount(seen);
  if (sign !== "latency") return { calls, share: badShare(sign, seen) };
  const latency = lnLatencyOf(seen);
  return { calls, medianMs: latency === undefined ? 0 : Math.round(Math.exp(latency.mean)) };
}

function isOutage(state: Closed, tuning: SluiceTuning): boolean {
  const { score, seen } = state.suspicions.outage;
  const isTrial = state.recoveringSinceMs !== undefined && successCount(state.evidence) < CLEAN_MIN;
  const faults = Math.min(OUTAGE_FAULTS_MAX, Math.max(OUTAGE_FAULTS_MIN, Math.ceil(state.limit / 2)));
  return score >= (isTrial ? TRIAL_SCORE : tuning.tripAt) && seen.faultCount >= faults;
}

/**
 * True while only faults arrive: a cut now would begin an epoch, and the rest of the timeouts, of calls still
 * in flight, would be late news.
 */
function mayBeOutage({ score, seen }: Suspicion, { tripAt }: SluiceTuning): boolean {
  if (score >= tripAt) return true;
  return score >= TRIAL_SCORE && successCount(seen) + seen.throttledCount + seen.rejectedCount === 0;
}

function isGood(state: Closed, tuning: SluiceTuning): boolean {
  const { evidence, cleanCount, limit, rampTo, longWindows, episode, hasCalmWindow } = state;
  if (longWindows.count > 0) return false;
  // Trouble that showed by longer calls is over once calls are as usual, not once none fails.
  if (episode !== undefined && state.usual !== undefined && !hasCalmWindow) return false;
  const bads = badCount(evidence);
  const enough = Math.max(CLEAN_MIN, limit);
  // On the way to an earlier level a step costs little: the last calls tell enough, whatever failed before them.
  if (limit < rampTo && cleanCount >= enough) return true;
  if (bads === 0) return successCount(evidence) >= enough;
  const { bad, good } = faultWeights(state, tuning);
  return bads * bad + voteForCount(evidence) * good <= tuning.goodAt;
}
