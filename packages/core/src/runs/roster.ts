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

/** Collects fingerprints as bytes: half a million small strings would cost far more. */
export interface Fingerprints {
  add(hash: Uint8Array): void;
  count(): number;
  /** All that were added since the last call. */
  take(): string;
}

/** Makes an empty collection. */
export function createFingerprints(): Fingerprints {
  let bytes = new Uint8Array(64 * FINGERPRINT_BYTES);
  let length = 0;
  return {
    add(hash) {
      if (length === bytes.length) {
        const larger = new Uint8Array(2 * length);
        larger.set(bytes);
        bytes = larger;
      }
      for (let index = 0; index < FINGERPRINT_BYTES; index += 1) bytes[length + index] = hash[index] ?? 0;
      length += FINGERPRINT_BYTES;
    },
    count: () => length / FINGERPRINT_BYTES,
    take() {
      const text = bytesToHex(bytes.subarray(0, length));
      length = 0;
      return text;
    },
  };
}

/** The number of the record with this fingerprint; undefined if the roster has none. */
export function numberIn({ fromNumber, fingerprints }: Roster, fingerprint: string): number | undefined {
  for (let at = fingerprints.indexOf(fingerprint); at >= 0; at = fingerprints.indexOf(fingerprint, at + 1)) {
    if (at % FINGERPRINT_LENGTH === 0) return fromNumber + at / FINGERPRINT_LENGTH;
  }
  return undefined;
}
