import { setTimeout as sleepFor } from "node:timers/promises";
import type { Clock } from "@sluice/core/ports";

/** {@link Clock} of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (durationMs, signal) => {
    try {
      await sleepFor(durationMs, undefined, signal === undefined ? {} : { signal });
    } catch (thrown) {
      if (signal?.aborted !== true) throw thrown;
    }
  },
};
