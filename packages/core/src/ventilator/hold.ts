/** Bounds of the wait that a provider asks for: a wrong clock of its own must not stop us for days. */
const HOLD_MIN_MS = 1_000;
const HOLD_MAX_MS = 60 * 60_000;

/** How long a provider's Retry-After holds everyone back. */
export function holdMs(retryAfterMs: number): number {
  return Math.min(HOLD_MAX_MS, Math.max(HOLD_MIN_MS, retryAfterMs));
}
