import type { Law } from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { FAULT_BREAKER } from "./resilience4j.ts";
import { lossCountOf } from "./sample.ts";
import { type Windowed, windowed } from "./windowed.ts";
import { type Guarded, withBreaker } from "./with-breaker.ts";
import { type Tripping, withTrip } from "./with-trip.ts";

/** The limiter's memory. */
export interface VegasMemory {
  /** The limit before it is cut to a whole number. */
  readonly estimatedLimit: number;
  /** The shortest round trip since the last new measurement; absent at first. */
  readonly noLoadMs?: number;
  /** Samples since the last new measurement. */
  readonly probeCount: number;
}

/** Samples after which the shortest round trip is measured anew, for each unit of the limit. */
const PROBE_MULTIPLIER = 30;
/** Factor of that number: the mean of the source's random one, which is from 0.5 to 1. */
const PROBE_JITTER = 0.75;

/**
 * TCP Vegas: keeps the queue within the provider short, which it estimates from the shortest round trip. With
 * k = max(1, ⌊log10 L⌋) and queue = ⌈L · (1 − shortest / round trip)⌉:
 *
 * - a dropped call: L ← L − k;
 * - 2 · in flight < L: nothing;
 * - queue ≤ k: L ← L + 6k; queue < 3k: L ← L + k; queue > 6k: L ← L − k; otherwise nothing.
 *
 * The shortest round trip is measured anew about every 30 · L samples.
 *
 * Source: https://github.com/Netflix/concurrency-limits, commit 78a74b9,
 * `concurrency-limits-core/src/main/java/com/netflix/concurrency/limits/limit/VegasLimit.java`.
 *
 * Adapted: the limit goes from 1 to X and begins at X (the source: 1 to 1,000, from 20), because the contract
 * allows X. Laws have no randomness, so the jitter of the new measurement is its mean. Dropped calls have no
 * round trip here, so that a refusal after 50 ms is not taken for the shortest one; in the source it would
 * be.
 */
export const vegasLimiter: Limiter<VegasMemory> = {
  name: "vegas-failures",
  memorySchema: z.object({
    estimatedLimit: z.number().min(1),
    noLoadMs: z.exactOptional(z.number().positive()),
    probeCount: z.int().min(0),
  }),
  startAt: (limit) => ({ estimatedLimit: limit, probeCount: 0 }),
  restart: (memory) => ({ ...memory, estimatedLimit: 1 }),
  limitOf: ({ estimatedLimit }) => Math.floor(estimatedLimit),
  update: (memory, { rttMs, dropCount, inFlightCount }, { maxConcurrency }) => {
    const { estimatedLimit, noLoadMs } = memory;
    if (dropCount > 0 || rttMs === undefined) {
      return { ...memory, estimatedLimit: Math.max(1, estimatedLimit - stepSize(estimatedLimit)) };
    }
    const probeCount = memory.probeCount + 1;
    if (probeCount >= PROBE_JITTER * PROBE_MULTIPLIER * estimatedLimit) {
      return { estimatedLimit, noLoadMs: rttMs, probeCount: 0 };
    }
    if (noLoadMs === undefined || rttMs < noLoadMs) return { estimatedLimit, noLoadMs: rttMs, probeCount };
    if (inFlightCount * 2 < estimatedLimit) return { ...memory, probeCount };
    const queueSize = Math.ceil(estimatedLimit * (1 - noLoadMs / rttMs));
    const wanted = estimatedLimit + changeFor(queueSize, stepSize(estimatedLimit));
    return { estimatedLimit: Math.min(maxConcurrency, wanted), noLoadMs, probeCount };
  },
};

function stepSize(estimatedLimit: number): number {
  return Math.max(1, Math.floor(Math.log10(estimatedLimit)));
}

function changeFor(queueSize: number, step: number): number {
  if (queueSize <= step) return 6 * step;
  if (queueSize < 3 * step) return step;
  return queueSize > 6 * step ? -step : 0;
}

/**
 * {@link vegasLimiter} behind a window, so that one short call among many is not taken for the usual one. Calls
 * that are refused or not answered in time are dropped ones, as its source means it, and a breaker sees to
 * faults.
 */
export const vegasLaw: Law<Guarded<Windowed<VegasMemory>>> = withBreaker(
  windowed("vegas", vegasLimiter),
  lossCountOf,
  FAULT_BREAKER,
);

/** {@link vegasLaw}, but each failed call is a dropped one, with a trip at limit 1. */
export const vegasFailuresLaw: Law<Tripping<Windowed<VegasMemory>>> = withTrip(
  windowed("vegas-failures", vegasLimiter),
);
