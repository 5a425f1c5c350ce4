/** Time for which runs are kept: as long as the rows of their records. */
const KEPT_FOR_MS = 30 * 24 * 60 * 60_000;

/** The table's time to live of what is written of a run at an instant. */
export function runExpirySeconds(nowMs: number): number {
  return Math.ceil((nowMs + KEPT_FOR_MS) / 1_000);
}
