import type { ValveSettings } from "../ports/valve.ts";
import type { Provider } from "../provider/provider.ts";

/** How a limit is split: over invocations, records within an invocation, and records in flight within a batch. */
export interface Shape {
  /** The mapping of the bulk queue. */
  readonly records: ValveSettings;
  /** The mapping of the express queue; it shares the permits with the other, so it needs no concurrency of its own. */
  readonly express: ValveSettings;
  /** Records of one batch in flight together. */
  readonly fanOut: number;
}

/** A batch lasts about this long at usual latency: feedback stays quick, invocations stay few. */
const BATCH_TARGET_MS = 3_000;
/** Bounds of AWS for FIFO: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const BATCH_SIZE_MAX = 10;
const MAXIMUM_CONCURRENCY_MIN = 2;
/** The express queue may occupy one in so many invocations. */
const EXPRESS_SHARE = 10;

/**
 * Shapes a limit: concurrency = maximum concurrency × fan-out, with fan-out 1 while the limit fits the invocations
 * that the account grants, because a batch that waits for its slowest record leaves permits idle.
 */
export function shapeOf(provider: Provider, limit: number): Shape {
  const fanOut = Math.ceil(limit / provider.ventilator.maxConcurrency);
  const batchSize = Math.max(quantumOf(provider), Math.min(fanOut, BATCH_SIZE_MAX));
  const concurrency = (wanted: number) => Math.max(MAXIMUM_CONCURRENCY_MIN, Math.floor(wanted));
  return {
    records: { isEnabled: true, batchSize, maximumConcurrency: concurrency(limit / fanOut) },
    express: { isEnabled: true, batchSize, maximumConcurrency: concurrency(limit / fanOut / EXPRESS_SHARE) },
    fanOut,
  };
}

/** Records that one ventilator works through one after the other, at usual latency and within its timeout. */
export function quantumOf(provider: Provider): number {
  const { latency, worker, ventilator } = provider;
  const startableMs = ventilator.timeoutMs - worker.timeoutMs - ventilator.marginMs;
  const fitting = Math.floor(Math.min(BATCH_TARGET_MS, startableMs) / latency.medianMs);
  return Math.min(BATCH_SIZE_MAX, Math.max(1, fitting));
}
