import type { Clock } from "@sluice/core/ports";

/** A clock that stands still until told otherwise; sleeping moves it on at once. */
export interface FakeClock extends Clock {
  advance(durationMs: number): void;
}

/** Noon UTC of a day without anything special. */
export const NOON_MS: number = Date.parse("2026-11-18T12:00:00Z");

/** Makes a clock that stands at `startAtMs`. */
export function createFakeClock(startAtMs: number = NOON_MS): FakeClock {
  let nowMs = startAtMs;
  return {
    nowMs: () => nowMs,
    sleep: async (durationMs) => {
      nowMs += durationMs;
    },
    advance: (durationMs) => {
      nowMs += durationMs;
    },
  };
}
