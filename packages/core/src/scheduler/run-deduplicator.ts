import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Tells the first occurrence of an id in a run from the others. */
export interface RunDeduplicator {
  /** The deduplication id for the queue, or nothing if the run has had this record already. */
  admit(recordId: string): string | undefined;
}

/** How much of a hash is remembered: at a million records, a chance of 1 in 10^27 that two are taken for one. */
const REMEMBERED_BYTES = 16;

/**
 * Deduplication id = hash of run and record, so that a repeated send is one message and a later run is never
 * swallowed. Memory: about 60 bytes a record, however long its id.
 */
export function createRunDeduplicator(runId: string): RunDeduplicator {
  const seen = new Set<string>();
  const prefix = `${runId}\n`;

  function admit(recordId: string): string | undefined {
    const hash = sha256(utf8ToBytes(prefix + recordId));
    const remembered = String.fromCharCode(...hash.subarray(0, REMEMBERED_BYTES));
    if (seen.has(remembered)) return undefined;
    seen.add(remembered);
    return bytesToHex(hash);
  }

  return { admit };
}
