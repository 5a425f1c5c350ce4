export { type RecordState, type RecordStatus, readRecordStatus } from "./record-status.ts";
export type { Wait } from "./waits.ts";
