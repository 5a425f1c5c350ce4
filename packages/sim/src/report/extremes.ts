// By reduction, because a long trace has more samples than a call has arguments.

/** The highest of values from 0 on; 0 if there is none. */
export function highest(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}

/** The lowest value; plus infinity if there is none. */
export function lowest(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}
