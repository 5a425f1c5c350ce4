import type { SimulatedProvider } from "./scenario.ts";

/** The lot of a record, whatever the weather: `poison` always fails, `unknown` is never found. */
export type RecordFate = "healthy" | "poison" | "unknown";

/** The fate of a record: the same for every attempt and every order of requests. */
export function fateOf(provider: SimulatedProvider, seed: number, recordId: string): RecordFate {
  const lot = lotOf(seed, recordId);
  if (lot < provider.poisonRatio) return "poison";
  if (lot < provider.poisonRatio + provider.rejectedRatio) return "unknown";
  return "healthy";
}

/**
 * A number in [0, 1) that belongs to the record: FNV-1a over the id's UTF-16 units
 * (http://www.isthe.com/chongo/tech/comp/fnv/), then MurmurHash3's finaliser, without which ids that
 * differ only at their end would draw similar lots (https://github.com/aappleby/smhasher, MurmurHash3.cpp).
 */
export function lotOf(seed: number, recordId: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < recordId.length; at += 1) {
    hash = Math.imul(hash ^ recordId.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
