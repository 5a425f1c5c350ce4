import type { Law } from "@sluice/core/law";
import * as z from "zod";
import type { Limiter } from "./limiter.ts";
import { dropCountOf, failureCountOf, faultCountOf } from "./sample.ts";
import { OPEN_MS } from "./stored-state.ts";
import { type BreakerSettings, type Guarded, withBreaker } from "./with-breaker.ts";

/** The memory of a limiter that always allows X. */
export interface FixedMemory {
  readonly limit: number;
}

/**
 * The defaults of resilience4j: the constants `DEFAULT_…` of its `CircuitBreakerConfig.java`
 * (https://github.com/resilience4j/resilience4j, commit af9e7c9). As there, whatever fails is a failure, a
 * refusal included.
 */
export const DEFAULT_BREAKER: BreakerSettings = {
  windowSize: 100,
  minimumCalls: 100,
  failureRate: 0.5,
  openMs: OPEN_MS,
  halfOpenCalls: 10,
  failureCountOf,
};

/** {@link DEFAULT_BREAKER} beside a limiter that sees to refusals: faults alone are failures. */
export const FAULT_BREAKER: BreakerSettings = { ...DEFAULT_BREAKER, failureCountOf: faultCountOf };

/**
 * The numbers that resilience4j shows its users first, in the `configs.default` of its demo
 * (https://github.com/resilience4j/resilience4j-spring-boot3-demo, `src/main/resources/application.yml`).
 */
export const QUICK_BREAKER: BreakerSettings = {
  ...DEFAULT_BREAKER,
  windowSize: 10,
  minimumCalls: 5,
  openMs: 5_000,
  halfOpenCalls: 3,
};

/** Resilience4j's circuit breaker with its defaults over a fixed X, as with a bulkhead of X. */
export const resilience4jLaw: Law<Guarded<FixedMemory>> = overFixed("resilience4j", DEFAULT_BREAKER);

/** The same with {@link QUICK_BREAKER}. */
export const resilience4jQuickLaw: Law<Guarded<FixedMemory>> = overFixed("resilience4j-quick", QUICK_BREAKER);

function overFixed(name: string, settings: BreakerSettings): Law<Guarded<FixedMemory>> {
  const limiter: Limiter<FixedMemory> = {
    name,
    memorySchema: z.object({ limit: z.int().min(1) }),
    startAt: (limit) => ({ limit }),
    restart: (memory) => memory,
    limitOf: ({ limit }) => limit,
    update: (memory) => memory,
  };
  return withBreaker(limiter, dropCountOf, settings);
}
