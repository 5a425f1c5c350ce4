import { bytesToHex } from "@noble/hashes/utils.js";
import type { Roster } from "../ports/rosters.ts";

/**
 * Bytes of a fingerprint. Of half a million records one in two million is taken for another one; with three more a roster
 * would take as many bytes as the ids.
 */
const FINGERPRINT_BYTES = 5;
const FINGERPRINT_LENGTH = 2 * FINGERPRINT_BYTES;

/** The fingerprint of a record in a run, by the hash of the two. */
export function fingerprintOf(hash: Uint8Array): string {
  return bytesToHex(hash.subarray(0, FINGERPRINT_BYTES));
}

/** Records of a roster. */
export function countOf({ fingerprints }: Roster): number {
  return fingerprints.length / FINGERPRINT_LENGTH;
}

/** The number of the record with this fingerprint; undefined if the roster has none. */
export function numberIn({ fromNumber, fingerprints }: Roster, fingerprint: string): number | undefined {
  for (let at = fingerprints.indexOf(fingerprint); at >= 0; at = fingerprints.indexOf(fingerprint, at + 1)) {
    if (at % FINGERPRINT_LENGTH === 0) return fromNumber + at / FINGERPRINT_LENGTH;
  }
  return undefined;
}
