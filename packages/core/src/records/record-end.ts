/** The ends of a record in a run, the stronger first: of several that are noted for one record the strongest counts. */
export const RECORD_ENDS = ["fetched", "fetchedBefore", "dead", "expired", "cancelled"] as const;

/**
 * One of {@link RECORD_ENDS}. `fetched`: by this run; `fetchedBefore`: by another one on the same provider day; `dead`:
 * given up, its cause is kept; `expired`: not started before the run's deadline; `cancelled`: not started before the run
 * was cancelled.
 */
export type RecordEnd = (typeof RECORD_ENDS)[number];

/** Numbers of a run's records by their end. */
export type EndCounts = Readonly<Record<RecordEnd, number>>;
