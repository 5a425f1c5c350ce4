export type { LedgerDeps } from "./complete-run.ts";
export type { EndedRecord } from "./ended-record.ts";
export { createLedger, type Ledger } from "./ledger.ts";
export { endCountsOf, endedCount, NO_ENDS, numberAt, sumOfCounts } from "./parts.ts";
export { type RecordFilter, type RunStatus, readRunStatus } from "./run-status.ts";
export { waitForRun } from "./wait-for-run.ts";
