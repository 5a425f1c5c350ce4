import { escapeForSqs, sizeBytes } from "./sqs-text.ts";

/** One thing to fetch: an id that names it to the provider, and optionally a small payload for the worker. */
export interface FetchRecord {
  readonly id: string;
  /** Any JSON value. */
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

/** Parses an input of the scheduler. Any well-formed Unicode string is an id: case, spaces and NUL included. */
export function parseRecord(input: unknown): ParsedRecord {
  const { id, payload } = isObject(input) ? input : { id: input, payload: undefined };
  if (typeof id !== "string") {
    return { kind: "rejected", id, reason: `the id must be a string, received ${describe(id)}` };
  }
  const reason = whyNotAnId(id) ?? whyNotAPayload(payload);
  if (reason !== undefined) return { kind: "rejected", id, reason };
  return { kind: "record", record: payload === undefined ? { id } : { id, payload } };
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
  const json = toJson(payload);
  if (json === undefined) return "the payload is not JSON";
  const payloadBytes = sizeBytes(escapeForSqs(json));
  if (payloadBytes <= PAYLOAD_MAX_BYTES) return undefined;
  return `the payload has ${payloadBytes} bytes as JSON, at most ${PAYLOAD_MAX_BYTES} are allowed`;
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function isObject(input: unknown): input is { id?: unknown; payload?: unknown } {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
