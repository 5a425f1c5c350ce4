import type { Pace } from "./pace.ts";

/** A batch as far as it matters to how much it reserves at a time. */
export interface BatchAhead {
  /** Records that are left to start. */
  readonly leftCount: number;
  /** Calls that it may have in flight. */
  readonly permitCount: number;
  readonly usualLatencyMs: number;
}

/** Calls are often this much longer than usual. */
const LONG_CALL_FACTOR = 2;

/**
 * Starts to reserve at a time: all that is left, as far as a permit is free at each instant; an instant that passes is
 * lost. Only where calls are longer than the pace has room for, each permit reserves for its next call alone.
 */
export function blockSizeOf(
  { leftCount, permitCount, usualLatencyMs }: BatchAhead,
  pace: Pace | undefined,
): number {
  if (pace === undefined) return leftCount;
  const delayMs = (LONG_CALL_FACTOR * usualLatencyMs) / permitCount - pace.intervalMs;
  const spareCount = delayMs <= 0 ? leftCount : Math.floor(pace.lateMaxMs / 2 / delayMs);
  return Math.min(leftCount, permitCount + spareCount);
}

/**
 * True if X is clearly more than a pace needs, so that a permit is free at each of its instants. Elsewhere X is as scarce
 * as the quota, and a batch that waits for its slowest call must not hold permits meanwhile.
 */
export function isPaceBelow(
  intervalMs: number,
  { maxConcurrency, usualLatencyMs }: { readonly maxConcurrency: number; readonly usualLatencyMs: number },
): boolean {
  return maxConcurrency * intervalMs >= LONG_CALL_FACTOR * usualLatencyMs;
}

/** Permits for a batch so that each instant of the pace finds one free; one where X is as scarce as the quota. */
export function permitsForPace({ intervalMs }: Pace, maxConcurrency: number, usualLatencyMs: number): number {
  if (!isPaceBelow(intervalMs, { maxConcurrency, usualLatencyMs })) return 1;
  return Math.min(maxConcurrency, 1 + Math.ceil((LONG_CALL_FACTOR * usualLatencyMs) / intervalMs));
}
