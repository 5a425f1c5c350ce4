import type { TraceDecision } from "./trace.ts";

/** At most `maxCount` of these, in their order; changes of the phase go first, then decisions and advice, holds, and valves. */
export function pickDecisions(
  decisions: readonly TraceDecision[],
  maxCount: number,
): readonly TraceDecision[] {
  if (decisions.length <= maxCount) return decisions;
  const picked = new Set(decisions.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, maxCount));
  return decisions.filter((decision) => picked.has(decision));
}

function rankOf({ kind, decision }: TraceDecision): number {
  if (decision !== undefined && decision.before.phase !== decision.after.phase) return 0;
  return { decision: 1, advice: 1, hold: 2, valve: 3 }[kind];
}
