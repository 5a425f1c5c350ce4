import { type Evidence, NO_EVIDENCE, plus, successCount } from "../evidence.ts";
import type { LawConfig } from "../law.ts";
import type { Closed, Suspicion } from "./state.ts";
import { type Weights, waldWeights } from "./statistics.ts";
import type { SluiceTuning } from "./tuning.ts";

/** Adds what was reported to what the law knows of the current epoch. */
export function takeIn(state: Closed, news: Evidence, config: LawConfig, tuning: SluiceTuning): Closed {
  const { faults, throttled, slow, outage } = state.suspicions;
  const successes = successCount(news);
  const grow = (suspicion: Suspicion, badCount: number, goodCount: number, { bad, good }: Weights) =>
    grown(suspicion, badCount * bad + goodCount * good, news);
  return {
    ...state,
    suspicions: {
      faults: grow(faults, news.faultCount, successes, faultWeights(state, tuning)),
      throttled: grow(throttled, news.throttledCount, successes, throttledWeights(tuning)),
      slow: grow(slow, news.slowCount, news.okCount, slowWeights(state, tuning)),
      outage: grown(outage, outageGrowth(news, config, tuning), news),
    },
    evidence: plus(state.evidence, news),
    window: plus(state.window, news),
  };
}

/** What a fault and a success weigh, given the share of faults that the provider always has. */
export function faultWeights({ backgroundShare }: Closed, tuning: SluiceTuning): Weights {
  return weightsAbove(Math.max(tuning.usualFaultShare, backgroundShare), tuning.faultShareRise);
}

function throttledWeights(tuning: SluiceTuning): Weights {
  return weightsAbove(tuning.usualThrottledShare, tuning.throttledShareRise);
}

/** Nothing counts as slow before it is known what is usual. */
function slowWeights({ usual }: Closed, tuning: SluiceTuning): Weights {
  if (usual === undefined) return { bad: 0, good: 0 };
  return weightsAbove(Math.max(tuning.usualSlowShare, usual.slowShare), tuning.slowShareRise);
}

/** An answer of any kind that is no fault shows that the provider lives. */
function outageGrowth(news: Evidence, { timeoutMs }: LawConfig, tuning: SluiceTuning): number {
  const answers = successCount(news) + news.throttledCount + news.rejectedCount;
  const weight = news.faultCount + (news.timeoutCount * timeoutMs) / tuning.timeoutWeightMs;
  return weight - answers * tuning.tripRelief;
}

function weightsAbove(usual: number, rise: number): Weights {
  return waldWeights(usual, Math.min(0.95, usual + rise));
}

function grown({ score, seen }: Suspicion, growth: number, news: Evidence): Suspicion {
  const next = Math.max(0, score + growth);
  return next === 0 ? UNSUSPECTED : { score: next, seen: plus(seen, news) };
}

/** No suspicion at all. */
export const UNSUSPECTED: Suspicion = { score: 0, seen: NO_EVIDENCE };
