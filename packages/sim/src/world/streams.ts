import type { Random } from "@sluice/core/ports";
import { lotOf } from "../provider-simulator/record-fate.ts";
import { createSeededRandom } from "../provider-simulator/seeded-random.ts";

/** A stream of its own for each purpose, so that what one part draws shifts nothing for the others. */
export function streamOf(seed: number, purpose: string): Random {
  return createSeededRandom(lotOf(seed, purpose) * 2 ** 32);
}

/**
 * The stream of a start of a record, from 1 on: the same under every law and at every time, so that runs with the same seed
 * differ by what the law does alone.
 */
export function attemptStream(seed: number, recordId: string, startCount: number): Random {
  return createSeededRandom(lotOf(seed + Math.imul(startCount, 0x9e3779b1), recordId) * 2 ** 32);
}
