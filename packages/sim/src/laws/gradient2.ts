import type { Law } from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { FAULT_BREAKER } from "./resilience4j.ts";
import { lossCountOf } from "./sample.ts";
import { type Windowed, windowed } from "./windowed.ts";
import { type Guarded, withBreaker } from "./with-breaker.ts";
import { type Tripping, withTrip } from "./with-trip.ts";

/** The limiter's memory. */
export interface Gradient2Memory {
  /** The limit before it is cut to a whole number. */
  readonly estimatedLimit: number;
  /** Long-term mean of the round trip; 0 at first. */
  readonly longRttMs: number;
  /** Samples of the warm-up, in which the mean is the plain one, and their sum. */
  readonly warmUpCount: number;
  readonly warmUpSumMs: number;
}

const SMOOTHING = 0.2;
const RTT_TOLERANCE = 1.5;
const LONG_WINDOW = 600;
const WARM_UP_WINDOW = 10;
/** Ratio of the long-term mean to the last round trip above which the mean is too long. */
const DRIFT = 2;
/** Factor by which such a mean is shortened. */
const DRIFT_FACTOR = 0.95;
const GRADIENT_MIN = 0.5;
const DROP_RATIO = 0.9;

/**
 * Compares the round trip with its long-term mean (exponential, 600 samples, the first 10 plain):
 *
 * - gradient = clamp(1.5 · long / short, 0.5, 1);
 * - L ← 0.8 · L + 0.2 · (gradient · L + queue), unless in flight < L / 2;
 * - long / short > 2: long ← 0.95 · long.
 *
 * Source: https://github.com/Netflix/concurrency-limits, commit 78a74b9,
 * `concurrency-limits-core/src/main/java/com/netflix/concurrency/limits/limit/Gradient2Limit.java`.
 *
 * Adapted:
 *
 * - The limit goes from 1 to X and begins at X (the source: 20 to 200, from 20).
 * - queue = max(1, ⌊√L⌋), the source's own `SquareRootFunction` (its default: 4): with 4 latency alone could
 *   never push the limit below 8.
 * - A dropped call: L ← 0.9 · L, as in the source's older `GradientLimit`. Here the source ignores drops, so
 *   that a provider that fails steadily is called with X for ever.
 */
export const gradient2Limiter: Limiter<Gradient2Memory> = {
  name: "gradient2-failures",
  memorySchema: z.object({
    estimatedLimit: z.number().min(1),
    longRttMs: z.number().min(0),
    warmUpCount: z.int().min(0).max(WARM_UP_WINDOW),
    warmUpSumMs: z.number().min(0),
  }),
  startAt: (limit) => ({ estimatedLimit: limit, longRttMs: 0, warmUpCount: 0, warmUpSumMs: 0 }),
  restart: (memory) => ({ ...memory, estimatedLimit: 1 }),
  limitOf: ({ estimatedLimit }) => Math.floor(estimatedLimit),
  update: (memory, { rttMs, dropCount, inFlightCount }, { maxConcurrency }) => {
    const { estimatedLimit } = memory;
    if (dropCount > 0 || rttMs === undefined) {
      return { ...memory, estimatedLimit: Math.max(1, estimatedLimit * DROP_RATIO) };
    }
    const measured = withSample(memory, rttMs);
    const { longRttMs } = measured;
    const isTooLong = longRttMs / rttMs > DRIFT;
    const next = isTooLong ? { ...measured, longRttMs: longRttMs * DRIFT_FACTOR } : measured;
    if (inFlightCount < estimatedLimit / 2) return next;
    // Like the source, the gradient is taken from the mean before it is shortened.
    const gradient = Math.max(GRADIENT_MIN, Math.min(1, (RTT_TOLERANCE * longRttMs) / rttMs));
    const wanted = estimatedLimit * gradient + queueSize(estimatedLimit);
    const smoothed = estimatedLimit * (1 - SMOOTHING) + wanted * SMOOTHING;
    return { ...next, estimatedLimit: Math.min(maxConcurrency, smoothed) };
  },
};

/** The source's `ExpAvgMeasurement`. */
function withSample(memory: Gradient2Memory, rttMs: number): Gradient2Memory {
  if (memory.warmUpCount < WARM_UP_WINDOW) {
    const warmUpCount = memory.warmUpCount + 1;
    const warmUpSumMs = memory.warmUpSumMs + rttMs;
    return { ...memory, warmUpCount, warmUpSumMs, longRttMs: warmUpSumMs / warmUpCount };
  }
  const weight = 2 / (LONG_WINDOW + 1);
  return { ...memory, longRttMs: memory.longRttMs * (1 - weight) + rttMs * weight };
}

/** The source's `SquareRootFunction`. */
function queueSize(estimatedLimit: number): number {
  return Math.max(1, Math.floor(Math.sqrt(Math.floor(estimatedLimit))));
}

/**
 * {@link gradient2Limiter} behind the window that the source means it to have: the mean of a window hides the
 * spread of the latency, which a single call does not. Calls that are refused or not answered in time are
 * dropped ones, and a breaker sees to faults.
 */
export const gradient2Law: Law<Guarded<Windowed<Gradient2Memory>>> = withBreaker(
  windowed("gradient2", gradient2Limiter),
  lossCountOf,
  FAULT_BREAKER,
);

/** {@link gradient2Law}, but each failed call is a dropped one, with a trip at limit 1. */
export const gradient2FailuresLaw: Law<Tripping<Windowed<Gradient2Memory>>> = withTrip(
  windowed("gradient2-failures", gradient2Limiter),
);
