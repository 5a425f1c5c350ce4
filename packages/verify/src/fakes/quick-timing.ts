import type { Timing } from "../timing.ts";

/** For the embedded cloud, whose updates take tenths of a second. */
export const QUICK_TIMING: Timing = {
  lookEveryMs: 25,
  holdMs: 150,
  quietMs: 500,
  showWithinMs: 10_000,
  rounds: 1,
  backlog: 150,
  shortVisibilitySeconds: 1,
  visibilitySeconds: 3,
  rampMs: 1_500,
  rampHoldMs: 300,
  rampConcurrency: 5,
};
