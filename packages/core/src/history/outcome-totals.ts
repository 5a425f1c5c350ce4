import type { Evidence } from "../law/evidence.ts";
import type { OutcomeTotals } from "../ports/history-store.ts";

/** The outcomes in evidence, as people count them. */
export function outcomeTotalsOf(evidence: Evidence): OutcomeTotals {
  const { okCount, slowCount, throttledCount, rejectedCount, unavailableCount } = evidence;
  return {
    okCount,
    slowCount,
    faultCount: evidence.faultCount + evidence.repeatFaultCount,
    throttledCount,
    rejectedCount,
    unavailableCount,
    lnLatencySum: rounded(evidence.lnLatencySum),
    lnLatencySquareSum: rounded(evidence.lnLatencySquareSum),
  };
}

/** Five decimals: with three the spread of a few calls would show as a percent of their latency. */
function rounded(sum: number): number {
  return Math.round(sum * 1e5) / 1e5;
}
