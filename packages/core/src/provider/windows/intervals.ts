/** A time from one instant to before another, in epoch ms. */
export interface Interval {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The time that any of the intervals covers, in order. Those that adjoin or overlap are one; empty ones are none. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const interval of intervals.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (interval.untilMs <= interval.fromMs) continue;
    const last = merged.at(-1);
    if (last === undefined || last.untilMs < interval.fromMs) merged.push(interval);
    else merged[merged.length - 1] = { ...last, untilMs: Math.max(last.untilMs, interval.untilMs) };
  }
  return merged;
}

/** The time of one union of intervals that another one leaves. */
export function difference(intervals: readonly Interval[], removed: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let at = 0;
  for (const { fromMs, untilMs } of intervals) {
    let leftFromMs = fromMs;
    while ((removed[at]?.untilMs ?? Number.POSITIVE_INFINITY) <= fromMs) at += 1;
    for (let next = at; (removed[next]?.fromMs ?? Number.POSITIVE_INFINITY) < untilMs; next += 1) {
      const hole = removed[next] as Interval;
      if (leftFromMs < hole.fromMs) left.push({ fromMs: leftFromMs, untilMs: hole.fromMs });
      leftFromMs = Math.max(leftFromMs, hole.untilMs);
    }
    if (leftFromMs < untilMs) left.push({ fromMs: leftFromMs, untilMs });
  }
  return left;
}
