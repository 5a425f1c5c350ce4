const FIRST_MS = 100;
const MAX_MS = 5_000;

/** The pause after the n-th failure in a row, counted from 1: 100 ms, doubled each time, at most 5 s. */
export function pauseAfterFailuresMs(failuresInARow: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** (failuresInARow - 1));
}
