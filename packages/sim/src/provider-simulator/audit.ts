import { providerDay } from "@sluice/core/provider";
import type { Answer, AnswerStatus } from "./provider-model.ts";
import { createRetryAfterWatch } from "./retry-after-watch.ts";
import { createServedRecords, type ServedRecord } from "./served-records.ts";

/**
 * The delay after a Retry-After within which starts are excused: the breaker's state reaches every caller within it.
 */
export const RETRY_AFTER_GRACE_MS = 3_000;

/** The counts of an audit. */
export interface AuditReport {
  readonly requestCount: number;
  /** Requests in flight now. */
  readonly inFlightCount: number;
  readonly mostInFlightCount: number;
  /** Starts while X or more others were in flight: the contract was broken. */
  readonly boundViolationCount: number;
  /** Starts that were more than the provider could bear, while it could bear some. */
  readonly startsOverCapacityCount: number;
  /** Of those, the sum of what was beyond, in parts of what could be borne. */
  readonly excessSum: number;
  /** Starts during an outage. */
  readonly startsInOutageCount: number;
  /** Starts while an announced Retry-After was running, beyond the grace. */
  readonly startsDuringRetryAfterCount: number;
  /** Requests whose client went away before the answer was handed over. */
  readonly abortedCount: number;
  readonly answersByStatus: Readonly<Record<AnswerStatus, number>>;
  /** Distinct records answered successfully, by provider day. */
  readonly servedByDay: Readonly<Record<string, number>>;
  /** Records answered successfully more than once within a provider day. */
  readonly servedAgain: readonly ServedRecord[];
}

/** A request that is in flight; `day` is the provider day of its start, to which its answer counts. */
export interface Visit {
  readonly recordId: string;
  readonly day: string;
}

/** The parts of an answer that are counted. */
export type GivenAnswer = Pick<Answer, "status" | "retryAfterSeconds">;

/** Watches a provider from its own side. Instants are milliseconds since the epoch and must not go back. */
export interface Audit {
  /** Counts a request in; `capacityCount` is what the provider can bear before it. */
  started(recordId: string, capacityCount: number, atMs: number): Visit;
  /** Counts a request out whose answer has been handed over completely. */
  answered(visit: Visit, answer: GivenAnswer, atMs: number): void;
  /** Counts a request out whose client has gone away. */
  aborted(visit: Visit): void;
  inFlightCount(): number;
  /** True if a record has been answered successfully, on one provider day or on any. */
  wasServed(recordId: string, day?: string): boolean;
  /** Every record that was answered successfully, by provider day. */
  served(): Iterable<ServedRecord>;
  report(): AuditReport;
}

const NOTHING_YET = {
  requestCount: 0,
  inFlightCount: 0,
  mostInFlightCount: 0,
  boundViolationCount: 0,
  startsOverCapacityCount: 0,
  excessSum: 0,
  startsInOutageCount: 0,
  startsDuringRetryAfterCount: 0,
  abortedCount: 0,
};

/** Starts at zero. `maxConcurrency` is X; `timeZone` is the provider's. */
export function createAudit(contract: { maxConcurrency: number; timeZone: string }): Audit {
  const { maxConcurrency, timeZone } = contract;
  const retryAfter = createRetryAfterWatch(RETRY_AFTER_GRACE_MS);
  const served = createServedRecords();
  const answersByStatus: Record<AnswerStatus, number> = { 200: 0, 404: 0, 429: 0, 500: 0 };
  const counts = { ...NOTHING_YET };

  function started(recordId: string, capacityCount: number, atMs: number): Visit {
    counts.requestCount += 1;
    counts.inFlightCount += 1;
    counts.mostInFlightCount = Math.max(counts.mostInFlightCount, counts.inFlightCount);
    if (counts.inFlightCount > maxConcurrency) counts.boundViolationCount += 1;
    if (capacityCount === 0) counts.startsInOutageCount += 1;
    else if (counts.inFlightCount > capacityCount) {
      counts.startsOverCapacityCount += 1;
      counts.excessSum += counts.inFlightCount / capacityCount - 1;
    }
    if (retryAfter.isClosed(atMs)) counts.startsDuringRetryAfterCount += 1;
    return { recordId, day: providerDay(timeZone, atMs) };
  }

  function answered(visit: Visit, answer: GivenAnswer, atMs: number): void {
    counts.inFlightCount -= 1;
    answersByStatus[answer.status] += 1;
    if (answer.status === 200) served.add(visit.day, visit.recordId);
    if (answer.retryAfterSeconds !== undefined) retryAfter.announce(atMs, answer.retryAfterSeconds * 1_000);
  }

  return {
    started,
    answered,
    aborted() {
      counts.inFlightCount -= 1;
      counts.abortedCount += 1;
    },
    inFlightCount: () => counts.inFlightCount,
    wasServed: (recordId, day) => served.count(recordId, day) > 0,
    served: served.all,
    report: () => ({
      ...counts,
      answersByStatus: { ...answersByStatus },
      servedByDay: served.distinctCounts(),
      servedAgain: served.repeated(),
    }),
  };
}
