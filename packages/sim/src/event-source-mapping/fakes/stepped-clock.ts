import { setImmediate } from "node:timers/promises";
import type { Clock } from "@sluice/core/ports";

/** A clock that moves only when it is told to. */
export interface SteppedClock extends Clock {
  /** Moves on by `durationMs` and wakes what sleeps until then, each at its own instant. */
  advance(durationMs: number): Promise<void>;
}

/** Makes a clock that stands at the epoch. */
export function createSteppedClock(): SteppedClock {
  const sleepers = new Set<{ readonly wakeAtMs: number; readonly wake: () => void }>();
  let nowMs = 0;

  async function advance(durationMs: number): Promise<void> {
    const untilMs = nowMs + durationMs;
    // Lets all that is ready run to its next sleep.
    await setImmediate();
    for (;;) {
      const due = [...sleepers].filter((sleeper) => sleeper.wakeAtMs <= untilMs);
      const next = due.toSorted((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
      if (next === undefined) break;
      nowMs = Math.max(nowMs, next.wakeAtMs);
      next.wake();
      await setImmediate();
    }
    nowMs = untilMs;
  }

  return {
    nowMs: () => nowMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          resolve();
        };
        const sleeper = { wakeAtMs: nowMs + durationMs, wake };
        if (signal?.aborted) return resolve();
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    advance,
  };
}
