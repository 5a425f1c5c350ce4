import type { ControlState } from "../law/control.ts";
import type { ValveSettings } from "../ports/valve.ts";
import type { Provider } from "../provider/provider.ts";

/** How a limit is split: over invocations, records within an invocation, and records in flight within a batch. */
export interface MappingShape {
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
 * Shapes what the breaker decides: concurrency = maximum concurrency × fan-out. Fan-out is 1 while X fits the invocations
 * that the account grants, because a batch that waits for its slowest record leaves permits idle. It depends on X alone,
 * so that no mix of old and new settings exceeds X.
 */
export function mappingShapeOf(provider: Provider, control: ControlState): MappingShape {
  const fanOut = fanOutOf(provider);
  const quantum = wantsSmallBatches(control) ? 1 : quantumOf(provider, control.usualLatencyMs);
  const batchSize = Math.max(quantum, Math.min(fanOut, BATCH_SIZE_MAX));
  const invocations = Math.floor(Math.min(control.target, provider.maxConcurrency) / fanOut);
  const isEnabled = control.phase === "closed" || control.isValveKept;
  const settings = (maximumConcurrency: number) => ({
    isEnabled,
    batchSize,
    maximumConcurrency: Math.max(MAXIMUM_CONCURRENCY_MIN, maximumConcurrency),
  });
  return {
    records: settings(invocations),
    express: settings(Math.floor(invocations / EXPRESS_SHARE)),
    fanOut,
  };
}

function wantsSmallBatches(control: ControlState): boolean {
  return control.phase === "closed" && control.wantsSmallBatches === true;
}

/** Records of one batch in flight together: more than one only where X exceeds the invocations that are granted. */
export function fanOutOf({ maxConcurrency, ventilator }: Provider): number {
  return Math.ceil(maxConcurrency / ventilator.maxConcurrency);
}

/**
 * Records that one ventilator works through one after the other, at usual latency and within its timeout.
 * @param usualLatencyMs as measured; left out: the contract's median
 */
export function quantumOf(
  { latency, worker, ventilator }: Provider,
  usualLatencyMs: number = latency.medianMs,
): number {
  const startableMs = ventilator.timeoutMs - worker.timeoutMs - ventilator.marginMs;
  const fitting = Math.floor(Math.min(BATCH_TARGET_MS, startableMs) / usualLatencyMs);
  return Math.min(BATCH_SIZE_MAX, Math.max(1, fitting));
}
