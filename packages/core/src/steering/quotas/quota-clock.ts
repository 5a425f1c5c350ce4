import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { Clock } from "../../ports/clock.ts";

/**
 * The clock that reservations and starts of one process go by: its own, or one that it knows to be ahead of it. A worker
 * whose clock is ahead finds calls late that are not, and says what it reads; going by that clock is as good as by the
 * own one, because it is one of those that quotas reckon with.
 */
export interface QuotaClock {
  nowMs(): number;
  /** Waits until the clock reads an instant. */
  sleepUntil(atMs: number): Promise<void>;
  /** Takes note of another machine's reading, made a moment ago. */
  learn(readMs: number): void;
}

/** A process's clock that has learnt nothing yet. */
export function createQuotaClock(clock: Clock): QuotaClock {
  let behindMs = 0;
  const nowMs = () => clock.nowMs() + behindMs;
  return {
    nowMs,
    async sleepUntil(atMs) {
      // Timers may end a moment early.
      while (nowMs() < atMs) await clock.sleep(atMs - nowMs());
    },
    learn(readMs) {
      // The reading is older than its news: the other clock is at least this much ahead by now.
      behindMs = Math.min(CLOCK_SKEW_MS, Math.max(behindMs, readMs - clock.nowMs()));
    },
  };
}
