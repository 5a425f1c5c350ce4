import { sha256 } from "@noble/hashes/sha2.js";
import { RECORD_ID_MAX_CHARACTERS } from "./record.ts";

/** A character takes at most this many bytes as UTF-8. */
const BYTES_PER_CHARACTER = 4;

/**
 * Makes the function that hashes a record of a run, 32 bytes: no two records of a run, and no record of two runs, have the
 * same hash.
 */
export function createRecordHash(runId: string): (recordId: string) => Uint8Array {
  const encoder = new TextEncoder();
  // Without a line break of its own, so that no run and record read like another run and another record.
  const prefix = encoder.encode(`${JSON.stringify(runId).slice(1, -1)}\n`);
  // One buffer for all records: half a million small ones would cost far more memory than their bytes.
  const buffer = new Uint8Array(prefix.length + RECORD_ID_MAX_CHARACTERS * BYTES_PER_CHARACTER);
  buffer.set(prefix);
  const idBytes = buffer.subarray(prefix.length);
  return (recordId) => {
    const { written } = encoder.encodeInto(recordId, idBytes);
    return sha256(buffer.subarray(0, prefix.length + written));
  };
}
