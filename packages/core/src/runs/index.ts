export { createLedger } from "./ledger.ts";
export { endedCount, numberAt } from "./parts.ts";
export { type RunStatus, readRunStatus } from "./run-status.ts";
