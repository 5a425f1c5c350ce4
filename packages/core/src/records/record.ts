import { messageOf } from "../errors.ts";
import { shortened } from "./cause.ts";
import { describeValue } from "./describe-value.ts";
import { escapeForSqs, sizeBytes } from "./sqs-text.ts";
import { whyNotJson } from "./why-not-json.ts";

/** One thing to fetch: an id that names it to the provider, and optionally a small payload for the worker. */
export interface FetchRecord {
  readonly id: string;
  /** Any JSON value: whatever JSON would change is refused. */
  readonly payload?: unknown;
}

/** Longest id, in characters (Unicode code points). */
export const RECORD_ID_MAX_CHARACTERS = 1_024;

/**
 * Largest payload, in bytes of its JSON as it is sent: ten of them with their ids stay below SQS's 1 MiB for a batch.
 */
export const PAYLOAD_MAX_BYTES = 65_536;

/** A parsed input: a record, or the reason why it is none. */
export type ParsedRecord =
  | { readonly kind: "record"; readonly record: FetchRecord }
  | { readonly kind: "rejected"; readonly id: unknown; readonly reason: string };

/** Longest reason for a rejection: keys, which it repeats, may be of any size. */
const REASON_MAX_BYTES = 500;
/** Most unknown keys that a reason names. */
const KEYS_NAMED_MAX = 3;
const KEY_MAX_BYTES = 100;

/** Parses an input of the scheduler. Any well-formed Unicode string is an id: case, spaces and NUL included. */
export function parseRecord(input: unknown): ParsedRecord {
  try {
    return isObject(input) ? parseObject(input) : parseParts(input, undefined);
  } catch (thrown) {
    // An object may compute its parts.
    return rejected(undefined, `the record can't be read: ${messageOf(thrown)}`);
  }
}

function parseObject({ id, payload, ...others }: { id?: unknown; payload?: unknown }): ParsedRecord {
  const keys = Object.keys(others);
  return keys.length > 0 ? rejected(id, unknownKeys(keys)) : parseParts(id, payload);
}

function parseParts(id: unknown, payload: unknown): ParsedRecord {
  if (typeof id !== "string") return rejected(id, `the id must be a string, received ${describeValue(id)}`);
  const reason = whyNotAnId(id) ?? whyNotAPayload(payload);
  if (reason !== undefined) return rejected(id, reason);
  return { kind: "record", record: payload === undefined ? { id } : { id, payload } };
}

function rejected(id: unknown, reason: string): ParsedRecord {
  return { kind: "rejected", id, reason: shortened(reason, REASON_MAX_BYTES) };
}

function unknownKeys(keys: readonly string[]): string {
  const named = keys.slice(0, KEYS_NAMED_MAX).map((key) => JSON.stringify(shortened(key, KEY_MAX_BYTES)));
  const more = keys.length > named.length ? ` and ${keys.length - named.length} more` : "";
  const are = keys.length === 1 ? "is no part" : "are no parts";
  return `${named.join(", ")}${more} ${are} of a record, which has id and payload`;
}

function whyNotAnId(id: string): string | undefined {
  if (id === "") return "the id is empty";
  if (!id.isWellFormed()) return "the id is not well-formed Unicode: it holds half a surrogate pair";
  // Code points are at most code units, so the expensive count is needed only beyond.
  const characterCount = id.length <= RECORD_ID_MAX_CHARACTERS ? id.length : [...id].length;
  if (characterCount <= RECORD_ID_MAX_CHARACTERS) return undefined;
  return `the id has ${characterCount} characters, at most ${RECORD_ID_MAX_CHARACTERS} are allowed`;
}

function whyNotAPayload(payload: unknown): string | undefined {
  if (payload === undefined) return undefined;
  const flaw = whyNotJson("payload", payload);
  if (flaw !== undefined) return flaw;
  const payloadBytes = sizeBytes(escapeForSqs(JSON.stringify(payload)));
  if (payloadBytes <= PAYLOAD_MAX_BYTES) return undefined;
  return `the payload has ${payloadBytes} bytes as JSON, at most ${PAYLOAD_MAX_BYTES} are allowed`;
}

function isObject(input: unknown): input is { id?: unknown; payload?: unknown } {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}
