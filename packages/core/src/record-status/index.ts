export {
  type RecordState,
  type RecordStatus,
  type RecordStatusDeps,
  readRecordStatus,
} from "./record-status.ts";
export type { RunOfRecord } from "./runs-of-record.ts";
export type { Wait } from "./waits.ts";
