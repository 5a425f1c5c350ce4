import { type Evidence, NO_EVIDENCE, plus, votingCount } from "../law/evidence.ts";
import type { Report } from "../ports/permit-items.ts";

/** Adds up what a batch observes, for the newest epoch that it knows: what started in an older one is no news. */
export interface Tally {
  add(epoch: number, evidence: Partial<Evidence>): void;
  /** What has been added since the last call. */
  takeReport(atMs: number): Report;
  /** Everything that was added, whatever its epoch. */
  total(): Evidence;
  /** Whether there is something to tell that speaks of the provider. */
  hasNews(): boolean;
  /** Whether some of it is bad. */
  hasBadNews(): boolean;
}

/** Starts at nothing. */
export function createTally(firstEpoch: number): Tally {
  let epoch = firstEpoch;
  let evidence = NO_EVIDENCE;
  let total = NO_EVIDENCE;
  return {
    add(startedIn, observed) {
      total = plus(total, observed);
      if (startedIn < epoch) return;
      evidence = plus(startedIn > epoch ? NO_EVIDENCE : evidence, observed);
      epoch = startedIn;
    },
    takeReport(atMs) {
      const report = { epoch, evidence, atMs };
      evidence = NO_EVIDENCE;
      return report;
    },
    total: () => total,
    hasNews: () => votingCount(evidence) > 0,
    hasBadNews: () => evidence.faultCount + evidence.throttledCount > 0,
  };
}
