import type { Law } from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { FAULT_BREAKER } from "./resilience4j.ts";
import { lossCountOf } from "./sample.ts";
import { type Guarded, withBreaker } from "./with-breaker.ts";
import { type Tripping, withTrip } from "./with-trip.ts";

/** The limiter's memory: its limit. */
export interface AimdMemory {
  readonly limit: number;
}

/**
 * Additive increase, multiplicative decrease by `backoffRatio`:
 *
 * - a dropped call: L ← ⌊ratio · L⌋;
 * - otherwise, if 2 · in flight ≥ L: L ← L + 1.
 *
 * Source: https://github.com/Netflix/concurrency-limits, commit 78a74b9,
 * `concurrency-limits-core/src/main/java/com/netflix/concurrency/limits/limit/AIMDLimit.java`.
 *
 * Adapted: the limit goes from 1 to X and begins at X (the source: 20 to 200, from 20), because the contract
 * allows X and a small provider must be able to go below 20. The source takes a call of more than 5 s for a
 * dropped one, which it calls a timeout; here that is the provider's timeout, because some take a minute.
 */
export function createAimdLimiter(name: string, backoffRatio: number): Limiter<AimdMemory> {
  return {
    name,
    memorySchema: z.object({ limit: z.int().min(1) }),
    startAt: (limit) => ({ limit }),
    restart: () => ({ limit: 1 }),
    limitOf: ({ limit }) => limit,
    update: ({ limit }, { dropCount, inFlightCount }, { maxConcurrency }) => {
      if (dropCount > 0) return { limit: Math.max(1, Math.floor(limit * backoffRatio)) };
      return inFlightCount * 2 >= limit ? { limit: Math.min(maxConcurrency, limit + 1) } : { limit };
    },
  };
}

/** `backoffRatio` of the source's builder. */
const BACKOFF_RATIO = 0.9;

/**
 * {@link createAimdLimiter} as its source means it: calls that are refused or not answered in time are dropped
 * ones, and a breaker sees to faults.
 */
export const aimdLaw: Law<Guarded<AimdMemory>> = withBreaker(
  createAimdLimiter("aimd", BACKOFF_RATIO),
  lossCountOf,
  FAULT_BREAKER,
);

/** {@link aimdLaw}, but each failed call is a dropped one, with a trip at limit 1. */
export const aimdFailuresLaw: Law<Tripping<AimdMemory>> = withTrip(
  createAimdLimiter("aimd-failures", BACKOFF_RATIO),
);
