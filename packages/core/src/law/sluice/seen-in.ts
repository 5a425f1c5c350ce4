import { type Evidence, lnLatencyOf, plus, startedCount } from "../evidence.ts";
import type { Observation, Seen } from "../law.ts";
import type { Closed } from "./state.ts";

/** The calls of a closed epoch, up to an observation that ends it. */
export function seenIn(state: Closed, observation: Observation, nowMs: number): Seen {
  const isOfEpoch = observation.kind === "report" && observation.epoch === state.epoch;
  const evidence = isOfEpoch ? plus(state.evidence, observation.evidence) : state.evidence;
  return { forMs: Math.max(0, nowMs - state.epochStartedAtMs), ...nonZero(countsOf(evidence)) };
}

function countsOf(evidence: Evidence): Readonly<Record<Exclude<keyof Seen, "forMs">, number>> {
  const { faultCount, repeatFaultCount, timeoutCount, throttledCount, heldCount, heldSumMs } = evidence;
  const latency = lnLatencyOf(evidence);
  return {
    calls: startedCount(evidence),
    faults: faultCount + repeatFaultCount,
    timeouts: timeoutCount,
    throttled: throttledCount,
    held: heldCount,
    holdMs: Math.round(heldSumMs / Math.max(1, heldCount)),
    rejected: evidence.rejectedCount,
    medianMs: latency === undefined ? 0 : rounded(Math.exp(latency.mean)),
    sigma: latency === undefined ? 0 : rounded(Math.sqrt(latency.variance)),
  };
}

/** Three digits are enough, and short. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function nonZero<Counts extends Readonly<Record<string, number>>>(counts: Counts): Partial<Counts> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<Counts>;
}
