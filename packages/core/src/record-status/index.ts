export type { RecordState, RecordStatus } from "./record-status.ts";
export type { Wait } from "./waits.ts";
