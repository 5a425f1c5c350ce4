import type { Log } from "../ports/log.ts";

/** One attempt for one record, as a worker sees it. */
export interface WorkerJob {
  readonly recordId: string;
  /** The JSON value that the scheduler enqueued with the record. */
  readonly payload: unknown;
  /** 1 for the first start of this record on this provider day. */
  readonly attempt: number;
  /** Aborts when the call has taken too long. No request may outlive it: hand it to every call. */
  readonly signal: AbortSignal;
  /** Carries the record, run and correlation id. */
  readonly log: Log;
}

/**
 * A worker's own part: fetches one record, and stores it where it belongs. Returning is success. Any other error than
 * these is a bug of the worker, and counts as a crash.
 * @throws ProviderFault, ProviderThrottled, RecordRejected
 */
export type FetchJob = (job: WorkerJob) => Promise<void>;
