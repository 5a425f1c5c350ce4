import { type Evidence, NO_EVIDENCE, plus, votingCount } from "../law/evidence.ts";
import type { Report } from "../ports/permit-items.ts";

/** Adds up the evidence of a batch, for the newest epoch that it knows: that of an older epoch is not reported. */
export interface Tally {
  /** Adds the evidence of a request that was started in an epoch. */
  add(epoch: number, evidence: Partial<Evidence>): void;
  /** The report on what has been added since the last call. */
  takeReport(atMs: number): Report;
  /** Everything that was added, whatever its epoch. */
  total(): Evidence;
  /** True if the next report says something of the provider, or that our own side could not begin a call. */
  hasNews(): boolean;
  /** True if the next report has a fault or a throttled call that speaks against the provider, or such a start. */
  hasBadNews(): boolean;
}

/** Makes an empty tally. */
export function createTally(firstEpoch: number): Tally {
  let epoch = firstEpoch;
  let unreported = NO_EVIDENCE;
  let total = NO_EVIDENCE;
  return {
    add(startedIn, evidence) {
      total = plus(total, evidence);
      if (startedIn < epoch) return;
      unreported = plus(startedIn > epoch ? NO_EVIDENCE : unreported, evidence);
      epoch = startedIn;
    },
    takeReport(atMs) {
      const report = { epoch, evidence: unreported, atMs };
      unreported = NO_EVIDENCE;
      return report;
    },
    total: () => total,
    hasNews: () => votingCount(unreported) + unreported.rejectedCount + unreported.unavailableCount > 0,
    hasBadNews: () => unreported.faultCount + unreported.throttledCount + unreported.unavailableCount > 0,
  };
}
