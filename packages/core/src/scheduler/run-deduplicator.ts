import { sha256 } from "@noble/hashes/sha2.js";
import { RECORD_ID_MAX_CHARACTERS } from "../records/record.ts";
import { createHashSet } from "./hash-set.ts";

/** Finds the first occurrence of each id in a run. */
export interface RunDeduplicator {
  /** The hash of run and record; undefined if the run has had this record already. */
  admit(recordId: string): Uint8Array | undefined;
}

/** A character takes at most this many bytes as UTF-8. */
const BYTES_PER_CHARACTER = 4;

/**
 * Makes the deduplicator of a run. The hash of run and record is the deduplication id, so that a repeated send is one message
 * and a later run is never swallowed. 128 bits of it are remembered: no two records of a run are ever taken for one.
 */
export function createRunDeduplicator(runId: string): RunDeduplicator {
  const seen = createHashSet();
  const encoder = new TextEncoder();
  // Without a line break of its own, so that no run and record read like another run and another record.
  const prefix = encoder.encode(`${JSON.stringify(runId).slice(1, -1)}\n`);
  // One buffer for all records: half a million small ones would cost far more memory than their bytes.
  const buffer = new Uint8Array(prefix.length + RECORD_ID_MAX_CHARACTERS * BYTES_PER_CHARACTER);
  buffer.set(prefix);
  const idBytes = buffer.subarray(prefix.length);

  function admit(recordId: string): Uint8Array | undefined {
    const { written } = encoder.encodeInto(recordId, idBytes);
    const hash = sha256(buffer.subarray(0, prefix.length + written));
    return seen.add(hash) ? hash : undefined;
  }

  return { admit };
}
