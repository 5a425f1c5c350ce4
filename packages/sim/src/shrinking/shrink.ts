/**
 * One way to make a thing smaller: yields candidates, those that leave out most first. Each must be smaller than what it
 * is made from, and none of any change may be larger, or the search never ends.
 */
export type Change<Thing> = (thing: Thing) => Iterable<Thing>;

/** A search for something smaller, and its limits. */
export interface ShrinkOptions<Thing> {
  /** They are taken in turn, each for as long as it helps. */
  readonly changes: readonly Change<Thing>[];
  /** True if a candidate still shows what is looked for. */
  isStillBad(candidate: Thing): Promise<boolean>;
  /** Most candidates that are tried. */
  readonly triesMax: number;
  /** Ends the search with the smallest so far. */
  readonly signal?: AbortSignal;
}

/** The result of a search. */
export interface Shrunk<Thing> {
  readonly smallest: Thing;
  /** True if no change makes it smaller any more; false if the search was cut short. */
  readonly isFixedPoint: boolean;
  /** Candidates that were tried. */
  readonly tries: number;
}

/**
 * Looks for the smallest thing that is still bad. Greedy: each change that keeps the badness is kept (Zeller, Yesterday,
 * my program worked, 1999), until a whole round of them has helped nothing.
 * @param thing known to be bad: it is not tried itself
 */
export async function shrink<Thing>(thing: Thing, options: ShrinkOptions<Thing>): Promise<Shrunk<Thing>> {
  const { changes, isStillBad, triesMax, signal } = options;
  let smallest = thing;
  let tries = 0;
  let isCutShort = false;

  async function helps(change: Change<Thing>): Promise<boolean> {
    for (const candidate of change(smallest)) {
      isCutShort = tries >= triesMax || signal?.aborted === true;
      if (isCutShort) return false;
      tries += 1;
      if (!(await isStillBad(candidate))) continue;
      smallest = candidate;
      return true;
    }
    return false;
  }

  // A change that has just helped is at its end as well: what is left are all the others.
  for (let at = 0, uselessCount = 0; uselessCount < changes.length && !isCutShort; at += 1) {
    const change = changes[at % changes.length] as Change<Thing>;
    const hasHelped = await helps(change);
    while (hasHelped && (await helps(change)));
    uselessCount = hasHelped ? 1 : uselessCount + 1;
  }
  return { smallest, isFixedPoint: !isCutShort && signal?.aborted !== true, tries };
}
