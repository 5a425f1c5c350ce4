import type { TraceEvent } from "./trace.ts";

/**
 * At most `maxCount` of these, in their order; changes of the phase go first, then decisions, advice and orders, holds and
 * quotas, and valves.
 */
export function pickDecisions(decisions: readonly TraceEvent[], maxCount: number): readonly TraceEvent[] {
  if (decisions.length <= maxCount) return decisions;
  const picked = new Set(decisions.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, maxCount));
  return decisions.filter((decision) => picked.has(decision));
}

function rankOf({ kind, decision }: TraceEvent): number {
  if (decision !== undefined && decision.before.phase !== decision.after.phase) return 0;
  return { decision: 1, advice: 1, order: 1, hold: 2, quota: 2, valve: 3 }[kind];
}
