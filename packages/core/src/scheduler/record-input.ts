import { SluiceError } from "../errors.ts";
import { describeValue } from "../records/describe-value.ts";

/** Records as a caller hands them in: ids or `{ id, payload? }`. A text is refused, whose characters would be ids. */
export type RecordInput = (Iterable<unknown> | AsyncIterable<unknown>) & { readonly charAt?: never };

/** Longest text that the advice for it repeats. */
const EXAMPLE_MAX_LENGTH = 100;

/**
 * Refuses what is no list of records.
 * @throws SluiceError `input-invalid`
 */
export function checkRecordInput(records: unknown): void {
  const received = whatInstead(records);
  if (received === undefined) return;
  throw new SluiceError(
    "input-invalid",
    `Nothing was enqueued: records must be an iterable of ids or of { id, payload }, received ${received}`,
  );
}

function whatInstead(records: unknown): string | undefined {
  if (typeof records === "string" || records instanceof String) {
    const example = records.length <= EXAMPLE_MAX_LENGTH ? records : "id";
    return `a string; one record is written [${JSON.stringify(example)}]`;
  }
  if (typeof records !== "object" || records === null) return describeValue(records);
  if (Symbol.asyncIterator in records || Symbol.iterator in records) return undefined;
  return "then" in records ? "a promise; await it first" : describeValue(records);
}
