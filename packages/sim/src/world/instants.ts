/** Many instants, ascending, eight bytes each. */
export interface Instants {
  add(atMs: number): void;
  count(): number;
  all(): Float64Array;
}

/** Starts empty. */
export function createInstants(): Instants {
  let values = new Float64Array(1_024);
  let count = 0;
  return {
    add(atMs) {
      if (count === values.length) {
        const larger = new Float64Array(2 * count);
        larger.set(values);
        values = larger;
      }
      values[count] = atMs;
      count += 1;
    },
    count: () => count,
    all: () => values.slice(0, count),
  };
}
