import type { Law } from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { type Tripping, withTrip } from "./with-trip.ts";

/** The limiter's memory: its limit. */
export interface AimdMemory {
  readonly limit: number;
}

const BACKOFF_RATIO = 0.9;

const limiter: Limiter<AimdMemory> = {
  name: "aimd",
  memorySchema: z.object({ limit: z.int().min(1) }),
  startAt: (limit) => ({ limit }),
  restart: () => ({ limit: 1 }),
  limitOf: ({ limit }) => limit,
  update: ({ limit }, { rttMs = 0, dropCount, inFlightCount }, { maxConcurrency, slowAfterMs }) => {
    if (dropCount > 0 || rttMs > slowAfterMs) {
      return { limit: Math.max(1, Math.floor(limit * BACKOFF_RATIO)) };
    }
    return inFlightCount * 2 >= limit ? { limit: Math.min(maxConcurrency, limit + 1) } : { limit };
  },
};

/**
 * Additive increase, multiplicative decrease:
 *
 * - a dropped call, or one longer than the threshold: L ← ⌊0.9 L⌋;
 * - otherwise, if 2 · in flight ≥ L: L ← L + 1.
 *
 * Source: https://github.com/Netflix/concurrency-limits, commit 78a74b9,
 * `concurrency-limits-core/src/main/java/com/netflix/concurrency/limits/limit/AIMDLimit.java`.
 *
 * Adapted: the limit goes from 1 to X and begins at X (the source: 20 to 200, from 20), because the contract
 * allows X and a small provider must be able to go below 20. The latency threshold is the provider's slow
 * threshold (the source: 5 s), because a call of a minute is usual for some. The trip is added: see
 * {@link withTrip}.
 */
export const aimdLaw: Law<Tripping<AimdMemory>> = withTrip(limiter);
