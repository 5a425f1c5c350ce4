export { openRecordFile, STDIN_PATH } from "./open-record-file.ts";
export { checkRecords, readRecords } from "./read-records.ts";
export { INPUT_FORMATS, type InputFormat, type RecordFile } from "./record-file.ts";
