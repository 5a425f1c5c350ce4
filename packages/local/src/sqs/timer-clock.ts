import { systemClock } from "@sluice/aws/system-clock";
import type { TimerClock } from "@sluice/sim/virtual-time";

/** The machine's clock with timers; they don't keep the process alive. */
export const timerClock: TimerClock = {
  ...systemClock,
  at(atMs, fire) {
    const timer = setTimeout(fire, Math.max(0, atMs - systemClock.nowMs()));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
