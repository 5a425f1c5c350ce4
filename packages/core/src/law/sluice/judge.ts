import { type Evidence, lnLatencyOf, successCount, voteForCount, votingCount } from "../evidence.ts";
import type { DecisionInputs } from "../law.ts";
import { closeWindow } from "./latency-window.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, Suspicion } from "./state.ts";
import { faultWeights, isInGrace } from "./take-in.ts";
import type { SluiceTuning } from "./tuning.ts";

/** What the evidence of an epoch says. */
export type Judgement =
  | { readonly kind: "outage"; readonly inputs: DecisionInputs }
  | { readonly kind: "bad"; readonly trouble: Trouble }
  | { readonly kind: "good" }
  | { readonly kind: "undecided" };

/** Trouble, and what showed it. */
export interface Trouble {
  readonly sign: Sign;
  /** What was seen since it began to show. */
  readonly seen: Evidence;
  readonly inputs: DecisionInputs;
}

/** By what trouble shows. */
export type Sign = "throttled" | "faults" | "slow" | "latency";

/** A judgement, and the state with its latency window closed if it was full. */
export interface Judged {
  readonly state: Closed;
  readonly judgement: Judgement;
}

/** Successes after which an epoch without anything bad is good, at least. */
const CLEAN_MIN = 3;
/** Of an outage at full flow so many faults are seen at least, of one at a trickle so many. */
const OUTAGE_FAULTS_MAX = 10;
const OUTAGE_FAULTS_MIN = 2;
/** The first calls after a probe have little credit. */
const TRIAL_SCORE = 3;

/** So many times the usual evidence is asked for against a level that has just been good. */
const GRACE = 3;

/** Judges what has been taken in, the gravest first. */
export function judge(taken: Closed, context: RuleContext): Judged {
  const { tuning } = context;
  const { state, isLong } = closeWindow(taken, tuning);
  const { faults, throttled, slow, outage } = state.suspicions;
  if (isOutage(state, tuning)) {
    const { faultCount, timeoutCount } = outage.seen;
    const inputs = { faults: faultCount, timeouts: timeoutCount, score: outage.score };
    return { state, judgement: { kind: "outage", inputs } };
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
 * Nothing but faults for a while: a cut now would begin an epoch, and what is still to come of the calls in flight, the
 * rest of the timeouts, would be late news.
 */
function mayBeOutage({ score, seen }: Suspicion, { tripAt }: SluiceTuning): boolean {
  if (score >= tripAt) return true;
  return score >= TRIAL_SCORE && successCount(seen) + seen.throttledCount + seen.rejectedCount === 0;
}

function isGood(state: Closed, tuning: SluiceTuning): boolean {
  const { evidence, limit, longWindows, episode, hasCalmWindow } = state;
  if (longWindows.count > 0) return false;
  // What showed by longer calls is over when calls are as usual, not when nothing fails.
  if (episode !== undefined && state.usual !== undefined && !hasCalmWindow) return false;
  const badCount = evidence.faultCount + evidence.throttledCount;
  const successes = successCount(evidence);
  if (badCount === 0) return successes >= Math.max(CLEAN_MIN, limit);
  const { bad, good } = faultWeights(state, tuning);
  return badCount * bad + voteForCount(evidence) * good <= tuning.goodAt;
}
