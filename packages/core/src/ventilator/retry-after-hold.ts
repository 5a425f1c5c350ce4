import { messageOf } from "../errors.ts";
import { holdMs } from "../worker/hold.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { GateKeeper } from "./gate-keeper.ts";

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
