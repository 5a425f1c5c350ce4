export { createLedger } from "./ledger.ts";
export { endedCount, numberAt, PART_SIZE } from "./parts.ts";
export { type RunStatus, readRunStatus } from "./run-status.ts";
export { type RunList, type RunSummary, readRunsOfDays, summaryOf } from "./runs-of-day.ts";
