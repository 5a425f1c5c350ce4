import type { Latency } from "../../provider/provider.ts";
import type { Spacing } from "./spacing.ts";

/** A batch as far as it matters to how much it reserves at a time. */
export interface BatchAhead {
  /** Records that are left to start. */
  readonly leftCount: number;
  /** Calls that it may have in flight. */
  readonly permitCount: number;
  /** Those permits that wait for a turn. */
  readonly idleCount: number;
  readonly meanLatencyMs: number;
}

/** A provider's contract, as far as it matters to how its spacing is kept. */
export interface SpacedCalls {
  readonly intervalMs: number;
  readonly maxConcurrency: number;
  readonly meanLatencyMs: number;
}

/** The mean of log-normal latencies with a median, in ms: e^(σ²/2) times it. */
export function meanLatencyMsOf({ sigma, maxMs }: Latency, medianMs: number): number {
  return Math.min(maxMs, medianMs * Math.exp(sigma ** 2 / 2));
}

/** Time from a batch's last call to the first start of the next one, about. */
export const BETWEEN_BATCHES_MS = 150;
/** Calls are often this much longer than usual. */
const LONG_CALL_FACTOR = 2;
/** Batches that can have their permits at once: while one makes its starts others end their last calls. */
const BATCHES_AT_ONCE = 2.5;

/**
 * Starts to reserve at a time: all that is left, if a permit is free at each instant; an instant that passes is lost.
 * Elsewhere as many as there are idle permits, and those that may be late.
 */
export function blockSizeOf(
  { leftCount, permitCount, idleCount, meanLatencyMs }: BatchAhead,
  spacing: Spacing | undefined,
): number {
  if (spacing === undefined) return leftCount;
  const delayMs = (LONG_CALL_FACTOR * meanLatencyMs) / permitCount - spacing.intervalMs;
  const spareCount = delayMs <= 0 ? leftCount : Math.floor(spacing.lateMaxMs / 2 / delayMs);
  return Math.min(leftCount, idleCount + spareCount);
}

/**
 * Permits for a batch so that each instant of the spacing finds one free, as far as X has them for the next batches, too: a
 * batch keeps all of its permits until its slowest call has ended.
 */
export function permitsForSpacing({ intervalMs, maxConcurrency, meanLatencyMs }: SpacedCalls): number {
  const neededCount = 1 + Math.ceil((LONG_CALL_FACTOR * meanLatencyMs) / intervalMs);
  return Math.max(1, Math.min(neededCount, Math.floor(maxConcurrency / BATCHES_AT_ONCE)));
}

/** True if X is so much more than the spacing needs that a permit is free at each of its instants. */
export function isSpacingAboveX(calls: SpacedCalls): boolean {
  return calls.intervalMs * permitsForSpacing(calls) >= LONG_CALL_FACTOR * calls.meanLatencyMs;
}
