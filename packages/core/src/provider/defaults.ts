import { LAMBDA_TIMEOUT_MAX_MS } from "../aws-bounds.ts";
import type { Provider, ProviderInput } from "./provider.ts";

/** Defaults of a provider's options, all in this one place; each may be given in the data file instead. */
const DEFAULTS = {
  timeZone: "UTC",
  maxAttempts: 5,
  backOff: { firstMs: 10_000, maxMs: 15 * 60_000 },
  worker: { memoryMb: 256, environment: {}, secrets: [] },
  ventilator: { memoryMb: 256, maxConcurrency: 100 },
  breaker: { paceMs: 20_000 },
} as const;

/** Time that a worker needs beyond the call's own timeout: start, parse, answer. */
const WORKER_HEADROOM_MS = 2_000;
/** Least margin: it covers claim, completion and check-in, and clocks that differ by 2 s. */
const MARGIN_MIN_MS = 3_000;
/** Usual margin: a completion outlasts a table that throttles for a minute. Lambda bills only the time that is used. */
const MARGIN_MS = 65_000;
/** Least time of a ventilator besides its margin: long enough for several calls, unless one call alone is longer. */
const VENTILATOR_WORK_MIN_MS = 27_000;
/** Time that a ventilator has beyond one call and its margin: for a batch, or to wait at the gate or for a permit. */
const VENTILATOR_HEADROOM_MS = 20_000;
/** The least of it, where calls are about as long as Lambda lets a function run. */
const VENTILATOR_HEADROOM_MIN_MS = 2_000;
/** Time for which a message stays hidden beyond its ventilator's timeout. */
const VISIBILITY_HEADROOM_MS = 5_000;

/** Fills in missing options, the timeouts one from the other: call < worker < ventilator ≤ visibility. */
export function withDefaults(input: ProviderInput): Provider {
  const worker = {
    ...DEFAULTS.worker,
    timeoutMs: ceilToSecondMs(input.timeoutMs + WORKER_HEADROOM_MS),
    ...input.worker,
  };
  const marginMs = input.ventilator?.marginMs ?? usualMarginMs(input, worker.timeoutMs);
  const ventilator = {
    ...DEFAULTS.ventilator,
    marginMs,
    timeoutMs: ventilatorTimeoutMs(worker.timeoutMs, marginMs),
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

/** The usual timeout, as far as Lambda grants it and beside a call and its margin. */
function ventilatorTimeoutMs(workerTimeoutMs: number, marginMs: number): number {
  const workMs = Math.max(VENTILATOR_WORK_MIN_MS, workerTimeoutMs + VENTILATOR_HEADROOM_MS);
  const leastMs = workerTimeoutMs + VENTILATOR_HEADROOM_MIN_MS + marginMs;
  return ceilToSecondMs(Math.max(leastMs, Math.min(LAMBDA_TIMEOUT_MAX_MS, workMs + marginMs)));
}

/**
 * The usual margin, or the least where the data file says how long ventilators or messages have, or Lambda ends them.
 */
function usualMarginMs({ ventilator, queue }: ProviderInput, workerTimeoutMs: number): number {
  const isLimited = ventilator?.timeoutMs !== undefined || queue?.visibilityTimeoutMs !== undefined;
  const leftMs = LAMBDA_TIMEOUT_MAX_MS - workerTimeoutMs - VENTILATOR_HEADROOM_MIN_MS;
  return isLimited ? MARGIN_MIN_MS : Math.max(MARGIN_MIN_MS, Math.min(MARGIN_MS, leftMs));
}

function ceilToSecondMs(durationMs: number): number {
  return Math.ceil(durationMs / 1_000) * 1_000;
}
