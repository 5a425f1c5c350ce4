import type { Clock } from "@sluice/core/ports";
import { Interrupted } from "./interrupted.ts";

/** A clock whose sleeps throw {@link Interrupted} as soon as the run is to end, so that nothing waits on. */
export function stoppableClock(clock: Clock, interrupt: AbortSignal): Clock {
  return {
    nowMs: () => clock.nowMs(),
    async sleep(durationMs) {
      if (!interrupt.aborted) await clock.sleep(durationMs, interrupt);
      if (interrupt.aborted) throw new Interrupted();
    },
  };
}
