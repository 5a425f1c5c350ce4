import type { Clock } from "@sluice/core/ports";

/**
 * A clock that stands still until told otherwise. Sleeping moves it on at once, except with a signal: such a sleep is a
 * time limit beside something else, and ends when the time is there or when it is called off.
 */
export interface FakeClock extends Clock {
  advance(durationMs: number): void;
}

/** Noon UTC of a day without anything special. */
export const NOON_MS: number = Date.parse("2026-11-18T12:00:00Z");

/** Makes a clock that stands at `startAtMs`. */
export function createFakeClock(startAtMs: number = NOON_MS): FakeClock {
  let nowMs = startAtMs;
  const limits = new Set<{ readonly atMs: number; reach(): void }>();

  function advance(durationMs: number): void {
    nowMs += durationMs;
    for (const limit of limits) if (limit.atMs <= nowMs) limit.reach();
  }

  function limitOf(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const limit = {
        atMs: nowMs + durationMs,
        reach() {
          limits.delete(limit);
          resolve();
        },
      };
      limits.add(limit);
      signal.addEventListener("abort", limit.reach, { once: true });
      if (signal.aborted || durationMs <= 0) limit.reach();
    });
  }

  return {
    nowMs: () => nowMs,
    sleep: async (durationMs, signal) => {
      if (signal === undefined) advance(durationMs);
      else await limitOf(durationMs, signal);
    },
    advance,
  };
}
