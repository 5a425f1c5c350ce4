/** Bounds of the hold: a Retry-After of a wrong clock must not stop the provider's records for days. */
const HOLD_MIN_MS = 1_000;
const HOLD_MAX_MS = 60 * 60_000;

/** Length of the hold that a provider's Retry-After asks for: a second to an hour. */
export function holdMs(retryAfterMs: number): number {
  return Math.min(HOLD_MAX_MS, Math.max(HOLD_MIN_MS, retryAfterMs));
}
