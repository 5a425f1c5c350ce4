import { describeValue } from "../records/describe-value.ts";

const ELLIPSIS = "…";
/** The first half of a surrogate pair. */
const FIRST_HALF_AT_END = /[\uD800-\uDBFF]$/;
/** Longest id that is shown in full. */
const ID_MAX_LENGTH = 100;

/**
 * The part of an id that tells it from others: it may be anything, of any size, and is kept for long. An object is named
 * by its kind.
 */
export function excerptOf(id: unknown): unknown {
  switch (typeof id) {
    case "string":
      return cutText(id, ID_MAX_LENGTH);
    case "bigint":
      return cutText(String(id), ID_MAX_LENGTH);
    case "object":
    case "function":
    case "symbol":
      return id === null ? null : `(${describeValue(id)})`;
    default:
      return id;
  }
}

/**
 * A copy of a text; a longer one is cut between two characters, and ends in an ellipsis. A copy, because an engine may
 * make a part of a text share its characters with the whole, and keep all of them.
 */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return structuredClone(text);
  const kept = text.slice(0, maxLength).replace(FIRST_HALF_AT_END, "");
  return structuredClone(kept) + ELLIPSIS;
}
