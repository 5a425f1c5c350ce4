import { messageOf } from "../errors.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { GateKeeper } from "./gate-keeper.ts";

/** Bounds of the hold: a Retry-After of a wrong clock must not stop the provider's records for days. */
const HOLD_MIN_MS = 1_000;
const HOLD_MAX_MS = 60 * 60_000;

/** Length of the hold that a provider's Retry-After asks for: a second to an hour. */
export function holdMs(retryAfterMs: number): number {
  return Math.min(HOLD_MAX_MS, Math.max(HOLD_MIN_MS, retryAfterMs));
}

/** Holds the whole provider as its Retry-After asks: at once in this process, and for all others through the store. */
export async function holdProvider(
  retryAfterMs: number,
  gateKeeper: GateKeeper,
  { permits, clock, log }: VentilatorDeps,
): Promise<void> {
  const untilMs = clock.nowMs() + holdMs(retryAfterMs);
  gateKeeper.shutUntil(untilMs);
  try {
    await permits.hold(untilMs);
  } catch (thrown) {
    log.error("the hold could not be stored, others learn it from the provider", {
      cause: messageOf(thrown),
    });
  }
}
