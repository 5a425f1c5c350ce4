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

/** A provider's calls, as far as they matter to how its spacing is kept. */
export interface SpacedCalls {
  readonly intervalMs: number;
  /** Calls that may be in flight together: the limit in force. */
  readonly limit: number;
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
/** Share of the limit that batches may keep busy by what is usual, so that a permit is free when calls are longer. */
const BUSY_SHARE = 0.9;
/** Room for batches that come late, or whose calls last longer than usual. */
const SPACED_ROOM = 1.5;

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
 * Permits for a batch of so many records so that each instant of the spacing finds one free. A batch keeps all of its permits
 * until its slowest call has ended: where the limit is hardly more than the calls in flight it takes few, and others work beside it.
 */
export function permitsForSpacing(calls: SpacedCalls, recordCount: number): number {
  let count = Math.min(permitsKeepingUp(calls), recordCount);
  while (count > 1 && busyPermits(calls, recordCount, count) > BUSY_SHARE * calls.limit) count -= 1;
  return Math.max(1, count);
}

/** Batches at once that have their permits; more of them would only wait, and go round. */
export function batchesForSpacing(calls: SpacedCalls, recordCount: number, permitCount: number): number {
  const { intervalMs, limit, meanLatencyMs } = calls;
  if (!isSpacingAboveX(calls)) return Math.ceil(limit / permitCount);
  return Math.ceil(SPACED_ROOM * (1 + (meanLatencyMs + BETWEEN_BATCHES_MS) / (recordCount * intervalMs)));
}

/** True if the limit is so much more than the spacing needs that a permit is free at each of its instants. */
export function isSpacingAboveX(calls: SpacedCalls): boolean {
  return calls.intervalMs * permitsKeepingUp(calls) >= LONG_CALL_FACTOR * calls.meanLatencyMs;
}

/** Permits of which one is free at each instant, as far as the limit has them for the next batches, too. */
function permitsKeepingUp({ intervalMs, limit, meanLatencyMs }: SpacedCalls): number {
  const neededCount = 1 + Math.ceil((LONG_CALL_FACTOR * meanLatencyMs) / intervalMs);
  return Math.max(1, Math.min(neededCount, Math.floor(limit / BATCHES_AT_ONCE)));
}

/** Permits that batches keep busy together while they make a start at each instant. */
function busyPermits({ intervalMs, meanLatencyMs }: SpacedCalls, recordCount: number, count: number): number {
  const startsMs = recordCount * Math.max(intervalMs, meanLatencyMs / count);
  const lastCallsMs = LONG_CALL_FACTOR * meanLatencyMs + BETWEEN_BATCHES_MS;
  return (count * (startsMs + lastCallsMs)) / (recordCount * intervalMs);
}
