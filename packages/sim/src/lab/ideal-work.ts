import type { Arrivals } from "../world/records.ts";

/** One start of a record. */
export interface RecordStart {
  /** The record's number in the scenario, from 0 on. */
  readonly index: number;
  /** From 1 on. */
  readonly attempt: number;
}

/**
 * The starts that the ideal has to make: records in the order of their arrival first, then retries that are due. A retry
 * is less likely to be served than a record that has not failed.
 */
export interface IdealWork {
  /** Lets records arrive up to an instant, which must not go back. */
  arriveUntil(elapsedMs: number): void;
  hasAllArrived(): boolean;
  /** Adds a retry that is due. */
  retry(start: RecordStart): void;
  take(): RecordStart | undefined;
}

/** Makes the work of a scenario's arrivals, none of which is there yet. */
export function createIdealWork(arrivals: Arrivals): IdealWork {
  const retries: RecordStart[] = [];
  let nextRetry = 0;
  let freshIndex = 0;
  let arrivedCount = 0;

  function takeRetry(): RecordStart | undefined {
    const retry = retries[nextRetry];
    if (retry === undefined) return undefined;
    nextRetry += 1;
    if (nextRetry === retries.length) nextRetry = retries.length = 0;
    return retry;
  }

  function takeFresh(): RecordStart | undefined {
    if (freshIndex === arrivedCount) return undefined;
    freshIndex += 1;
    return { index: freshIndex - 1, attempt: 1 };
  }

  return {
    arriveUntil(elapsedMs) {
      arrivedCount = arrivals.countAt(elapsedMs);
    },
    hasAllArrived: () => arrivedCount === arrivals.totalCount,
    retry: (start) => retries.push(start),
    take: () => takeFresh() ?? takeRetry(),
  };
}
