import type { Random } from "../ports/random.ts";
import type { BackOff } from "../provider/provider.ts";

/** The longest that the wait in ms after `tries` tries can be. */
export function latestBackOffMs({ firstMs, maxMs }: BackOff, tries: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.max(0, tries - 1));
}

/**
 * The wait in ms after `tries` tries: `firstMs`, doubled for each further try, at most `maxMs`; the second half of it
 * is random, so that records that failed together don't return together.
 */
export function backOffMs(backOff: BackOff, tries: number, random: Random): number {
  const ceilingMs = latestBackOffMs(backOff, tries);
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * random.next());
}
