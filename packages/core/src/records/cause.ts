import { escapeForSqs, sizeBytes } from "./sqs-text.ts";

/** Longest cause, in bytes as SQS counts them: a provider may answer a whole page, a worker may throw one. */
export const CAUSE_MAX_BYTES = 2_048;

const NONE = "no cause was given";
const ELLIPSIS = "…";
const QUOTES_BYTES = 2;

/**
 * A cause as logs, rows and dead letters carry it: never empty, of at most {@link CAUSE_MAX_BYTES}, and well-formed. With
 * half a surrogate pair in it, DynamoDB and SQS would refuse the write that tells of the attempt's end.
 */
export function boundedCause(cause: string): string {
  return /\S/.test(cause) ? shortened(cause, CAUSE_MAX_BYTES) : NONE;
}

/**
 * A text that takes at most `maxBytes` in a JSON text as SQS counts them. One that takes more is cut between two
 * characters and ends in an ellipsis; it is empty where not even that fits. Half a surrogate pair, as a worker leaves that
 * cuts a page, is replaced: UTF-8 has none, so that the table would not take it.
 */
export function shortened(unchecked: string, maxBytes: number): string {
  // Each unit takes a byte at least: of megabytes no more than this can matter.
  const text = unchecked.slice(0, maxBytes + 1).toWellFormed();
  // Nearly all are short, and are measured whole, which is far faster.
  if (text.length <= maxBytes && bytesInJson(text) <= maxBytes) return text;
  const keptMaxBytes = maxBytes - bytesInJson(ELLIPSIS);
  let bytes = 0;
  let length = 0;
  let keptLength = 0;
  for (const character of text) {
    bytes += bytesInJson(character);
    if (bytes > maxBytes) return keptMaxBytes < 0 ? "" : text.slice(0, keptLength) + ELLIPSIS;
    length += character.length;
    if (bytes <= keptMaxBytes) keptLength = length;
  }
  return text;
}

function bytesInJson(text: string): number {
  return sizeBytes(escapeForSqs(JSON.stringify(text))) - QUOTES_BYTES;
}
