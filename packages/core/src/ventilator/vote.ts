import type { Vote } from "../law/evidence.ts";
import type { PastFault } from "../ports/fetch-store.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { Task, TaskResult } from "./batch.ts";
import type { KnownAnswers } from "./known-answers.ts";

/** Faults of one record that speak of the provider. */
const VOTES_MAX = 2;
/** Faults of a record, others having succeeded after each, from which the record is to blame. */
const OWN_FAULTS_MIN = 2;

/** The vote of a task's outcome: see the rules for probes, for faults and for rejections. */
export function outcomeVoteOf(
  { isProbe, received }: Pick<Task, "isProbe" | "received">,
  result: TaskResult & { readonly outcome: Outcome },
  known: KnownAnswers,
): Vote {
  const { lastOkAtMs } = known;
  if (result.outcome.kind === "rejected") {
    const { firstRejectedAtMs = Number.POSITIVE_INFINITY } = result;
    // A dead letter that was put back may have died of this: many of them in a row show nothing new.
    if (received.isRedriven) return "record";
    return lastOkAtMs >= firstRejectedAtMs ? "repeat" : "provider";
  }
  return isProbe ? probeVoteOf(result, lastOkAtMs) : voteOf(result, known);
}

/**
 * The vote of an outcome. A record that fails although others have succeeded since its first fault speaks for itself: a
 * poison record votes once. While no record succeeds it may be an outage, or the last few records of the day may all be
 * bad: then each votes twice at most. Faults of the last outage were its own: where each record has one of a first outage,
 * a second one would not be seen. Those of before it were not: the bad records of hours stand first in line after an
 * outage, and a handful of them would be taken for another.
 */
export function voteOf(
  { faults = [], attempt = 1 }: Pick<TaskResult, "faults" | "attempt">,
  { lastOkAtMs, wellAtMs, closedAtMs }: Omit<KnownAnswers, "rejectedSinceOkCount">,
): Vote {
  const own = faults.filter(({ endedAtMs }) => endedAtMs < wellAtMs || endedAtMs > closedAtMs);
  const [first] = own;
  if (first === undefined) return "provider";
  const attemptsSince = attempt - (faults.length - own.length);
  return attemptsSince > VOTES_MAX || lastOkAtMs >= first.endedAtMs ? "record" : "provider";
}

/**
 * The vote of a probe's outcome. A record whose faults all lie in one outage is as good as any to ask; one that failed
 * while others succeeded, even once, says little.
 */
export function probeVoteOf({ faults = [] }: Pick<TaskResult, "faults">, lastOkAtMs: number): Vote {
  return ownFaultCount(faults, lastOkAtMs) > 0 ? "record" : "provider";
}

/**
 * True for a record that failed twice or more at an open gate, with a success of the provider after each fault. Faults of
 * probes don't count: where nine calls in ten fail, each record's probe fails sooner or later, and somebody succeeds after it.
 */
export function isToBlame(faults: readonly PastFault[], lastOkAtMs: number): boolean {
  return ownFaults(faults, lastOkAtMs).filter(({ isFree }) => !isFree).length >= OWN_FAULTS_MIN;
}

/** Number of the faults that were followed by a success of the provider before the record's next one. */
export function ownFaultCount(faults: readonly PastFault[], lastOkAtMs: number): number {
  return ownFaults(faults, lastOkAtMs).length;
}

function ownFaults(faults: readonly PastFault[], lastOkAtMs: number): readonly PastFault[] {
  return faults.filter(({ endedAtMs }, index) => {
    const next = faults[index + 1];
    return (next === undefined ? lastOkAtMs : (next.lastOkAtMs ?? 0)) >= endedAtMs;
  });
}
