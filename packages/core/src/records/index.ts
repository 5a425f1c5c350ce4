export {
  DEAD_LETTER_ATTRIBUTE,
  MESSAGE_VERSION,
  messageBody,
  parseMessage,
  type RecordMessage,
} from "./message.ts";
export { parseRecord } from "./record.ts";
export { type EndCounts, RECORD_ENDS, type RecordEnd } from "./record-end.ts";
export { recordKey } from "./record-key.ts";
