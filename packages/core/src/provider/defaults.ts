import { LAMBDA_MEMORY_MAX_MB, LAMBDA_TIMEOUT_MAX_MS } from "../aws-bounds.ts";
import { answerMaxMbOf, memoryMbFor } from "./answer-size.ts";
import type { Provider, ProviderInput, WorkerOptions } from "./provider.ts";
import { evenIntervalMs, quotaWithDefaults } from "./quota.ts";

/** Defaults of a provider's options, all in this one place; each may be given in the data file instead. */
const DEFAULTS = {
  timeZone: "UTC",
  maxAttempts: 5,
  backOff: { firstMs: 10_000, maxMs: 15 * 60_000 },
  /**
   * Lambda bills memory for as long as a call lasts. The most that is resident: of a worker 91 MB, and 107 with the longest
   * answers of the worst JSON; of a ventilator 136, of a waker 118. test/function-memory.test.ts measures them.
   */
  worker: { memoryMb: 128, environment: {}, secrets: [] },
  answer: { maxMb: 5, mayBeEmpty: false },
  ventilator: { memoryMb: 192, maxConcurrency: 100 },
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
/** Time that a ventilator has beyond one call and its margin, for a batch. */
const VENTILATOR_HEADROOM_MS = 20_000;
/**
 * Time that a ventilator has to wait at the gate or for a permit, in timeouts of a call. A mapping has two batches at
 * least, so that at X = 1 one of them always waits: at this length what bounces is a fifth of what is called.
 */
const VENTILATOR_WAIT_TIMEOUTS = 2;
/**
 * The same in starts that quotas space out: of two batches that wait, the one that has waited for longer has the next turn and
 * the other one the turn after, and one more is for an express start in between or a batch that has died.
 */
const VENTILATOR_WAIT_TURNS = 3;
/** The least of it, where calls are about as long as Lambda lets a function run. */
const VENTILATOR_HEADROOM_MIN_MS = 2_000;
/** Time for which a message stays hidden beyond its ventilator's timeout. */
const VISIBILITY_HEADROOM_MS = 5_000;

/** Fills in missing options, the timeouts one from the other: call < worker < ventilator ≤ visibility. */
export function withDefaults(input: ProviderInput): Provider {
  const worker = workerOf(input);
  const marginMs = input.ventilator?.marginMs ?? usualMarginMs(input, worker.timeoutMs);
  const ventilator = {
    ...DEFAULTS.ventilator,
    marginMs,
    timeoutMs: ventilatorTimeoutMs(input, worker.timeoutMs, marginMs),
    ...input.ventilator,
  };
  const { quotas, ...rest } = input;
  return {
    timeZone: DEFAULTS.timeZone,
    maxAttempts: DEFAULTS.maxAttempts,
    ...rest,
    ...(quotas !== undefined && { quotas: quotas.map(quotaWithDefaults) }),
    backOff: { ...DEFAULTS.backOff, ...input.backOff },
    worker,
    ventilator,
    queue: { visibilityTimeoutMs: ventilator.timeoutMs + VISIBILITY_HEADROOM_MS, ...input.queue },
    breaker: { ...DEFAULTS.breaker, ...input.breaker },
  };
}

function workerOf({ timeoutMs, worker }: ProviderInput): WorkerOptions {
  const { memoryMb = workerMemoryMbFor(worker.answer?.maxMb) } = worker;
  return {
    ...DEFAULTS.worker,
    memoryMb,
    timeoutMs: ceilToSecondMs(timeoutMs + WORKER_HEADROOM_MS),
    ...worker,
    answer: {
      ...DEFAULTS.answer,
      maxMb: Math.min(DEFAULTS.answer.maxMb, answerMaxMbOf(memoryMb)),
      ...worker.answer,
    },
  };
}

/** The usual memory, or as much as the longest answer that a data file asks for may take. */
function workerMemoryMbFor(answerMaxMb = 0): number {
  const neededMb = Math.min(LAMBDA_MEMORY_MAX_MB, memoryMbFor(answerMaxMb));
  return Math.max(DEFAULTS.worker.memoryMb, neededMb);
}

/** The usual timeout, as far as Lambda and the data file's visibility timeout grant it and beside a call and its margin. */
function ventilatorTimeoutMs(
  { timeoutMs, queue, quotas = [] }: ProviderInput,
  workerTimeoutMs: number,
  marginMs: number,
): number {
  const workMs = ventilatorWorkMs(workerTimeoutMs, marginMs);
  const grantedMs = Math.min(LAMBDA_TIMEOUT_MAX_MS, queue?.visibilityTimeoutMs ?? LAMBDA_TIMEOUT_MAX_MS);
  const turnsMs = VENTILATOR_WAIT_TURNS * evenIntervalMs(quotas.map(quotaWithDefaults));
  const wantedMs = Math.max(VENTILATOR_WAIT_TIMEOUTS * timeoutMs, turnsMs);
  const waitMs = Math.max(0, Math.min(wantedMs, grantedMs - workMs));
  const leastMs = workerTimeoutMs + VENTILATOR_HEADROOM_MIN_MS + marginMs;
  return ceilToSecondMs(Math.max(leastMs, Math.min(LAMBDA_TIMEOUT_MAX_MS, workMs + waitMs)));
}

/** Time that a batch needs from its permits on, its margin included, in ms. */
export function ventilatorWorkMs(workerTimeoutMs: number, marginMs: number): number {
  return Math.max(VENTILATOR_WORK_MIN_MS, workerTimeoutMs + VENTILATOR_HEADROOM_MS) + marginMs;
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
