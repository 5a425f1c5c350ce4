import { lotOf } from "./record-fate.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** Draws from a stream of a seed. */
export interface Lots {
  /** A number in [min, max). */
  between(min: number, max: number): number;
  /** A whole number from min to max. */
  whole(min: number, max: number): number;
  /** A number from min to max whose logarithm is even. */
  logBetween(min: number, max: number): number;
  /** A whole number from min to max, small ones as likely as large ones. */
  logWhole(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/** The lots of a seed for one purpose: what is drawn for one shifts nothing for the others. */
export function lotsFor(seed: number, purpose: string): Lots {
  const random = createSeededRandom(lotOf(seed, purpose) * 2 ** 32);
  const between = (min: number, max: number) => min + random.next() * (max - min);
  const whole = (min: number, max: number) => Math.floor(between(min, max + 1));
  const logBetween = (min: number, max: number) => Math.exp(between(Math.log(min), Math.log(max)));
  return {
    between,
    whole,
    logBetween,
    logWhole: (min, max) => Math.min(max, Math.floor(logBetween(min, max + 1))),
    chance: (probability) => random.next() < probability,
    pick: <T>(choices: readonly [T, ...T[]]) => choices[whole(0, choices.length - 1)] as T,
  };
}
