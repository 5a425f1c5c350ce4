export { runCompleted, runLate } from "./announcements.ts";
export type { EndedRecord } from "./ended-record.ts";
export { createLedger, type Ledger, type LedgerDeps } from "./ledger.ts";
export { endCountsOf, endedCount, NO_ENDS, sumOfCounts } from "./parts.ts";
