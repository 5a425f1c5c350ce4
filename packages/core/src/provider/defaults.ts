import type { Provider, ProviderInput } from "./provider.ts";

/** Defaults of a provider's options, all in this one place; each may be given in the data file instead. */
const DEFAULTS = {
  timeZone: "UTC",
  maxAttempts: 5,
  backOff: { firstMs: 10_000, maxMs: 15 * 60_000 },
  worker: { memoryMb: 256, environment: {}, secrets: [] },
  /** The margin covers claim, completion and check-in, and clocks that differ by 2 s. */
  ventilator: { memoryMb: 256, maxConcurrency: 100, marginMs: 3_000 },
  breaker: { paceMs: 20_000 },
} as const;

/** Time that a worker needs beyond the call's own timeout: start, parse, answer. */
const WORKER_HEADROOM_MS = 2_000;
/** Least timeout of a ventilator: long enough for several calls, unless one call alone is longer. */
const VENTILATOR_TIMEOUT_MIN_MS = 30_000;
/** Time that a ventilator needs beyond one call and its margin. */
const VENTILATOR_HEADROOM_MS = 2_000;
/** Time for which a message stays hidden beyond its ventilator's timeout. */
const VISIBILITY_HEADROOM_MS = 5_000;

/** Fills in missing options, the timeouts one from the other: call < worker < ventilator ≤ visibility. */
export function withDefaults(input: ProviderInput): Provider {
  const worker = {
    ...DEFAULTS.worker,
    timeoutMs: ceilToSecondMs(input.timeoutMs + WORKER_HEADROOM_MS),
    ...input.worker,
  };
  const marginMs = input.ventilator?.marginMs ?? DEFAULTS.ventilator.marginMs;
  const oneCallMs = worker.timeoutMs + marginMs + VENTILATOR_HEADROOM_MS;
  const ventilator = {
    ...DEFAULTS.ventilator,
    timeoutMs: ceilToSecondMs(Math.max(VENTILATOR_TIMEOUT_MIN_MS, oneCallMs)),
    ...input.ventilator,
  };
  return {
    timeZone: DEFAULTS.timeZone,
    maxAttempts: DEFAULTS.maxAttempts,
    ...input,
    backOff: { ...DEFAULTS.backOff, ...input.backOff },
    worker,
    ventilator,
    queue: { visibilityTimeoutMs: ventilator.timeoutMs + VISIBILITY_HEADROOM_MS, ...input.queue },
    breaker: { ...DEFAULTS.breaker, ...input.breaker },
  };
}

function ceilToSecondMs(durationMs: number): number {
  return Math.ceil(durationMs / 1_000) * 1_000;
}
