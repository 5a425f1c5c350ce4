import { BATCH_SIZE_MAX, MAXIMUM_CONCURRENCY_MIN } from "../aws-bounds.ts";
import type { ControlState } from "../law/control.ts";
import type { ValveSettings } from "../ports/valve.ts";
import { type ByLane, byLane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { batchesForSpacing, meanLatencyMsOf, permitsForSpacing } from "../steering/quotas/block-size.ts";
import { startIntervalMs } from "../steering/quotas/spacing.ts";

/** A limit, split over invocations, records within an invocation, and records in flight within a batch. */
export interface MappingShape {
  /** Settings of each lane's mapping. Lanes share the permits, so only the bulk needs concurrency for all. */
  readonly settings: ByLane<ValveSettings>;
  /** Records of one batch in flight together. */
  readonly fanOut: number;
}

/** Duration of a batch at usual latency, about: feedback stays quick, invocations stay few. */
const BATCH_TARGET_MS = 3_000;
/** Longest time that the starts of a batch take where quotas space them out. */
const SPACED_BATCH_MAX_MS = 6_000;
/** Part of the invocations that a lane may occupy, as one in so many. */
const INVOCATIONS_PER_LANE: ByLane<number> = { records: 1, express: 10 };

/**
 * The mapping shape for a control: concurrency = maximum concurrency × fan-out. Fan-out is 1 while X fits the
 * invocations that the account grants, because a batch that waits for its slowest record leaves permits idle.
 * It depends on X alone, so that no mix of old and new settings exceeds X.
 */
export function mappingShapeOf(provider: Provider, control: ControlState): MappingShape {
  const fanOut = fanOutOf(provider);
  const quantum = wantsSmallBatches(control) ? 1 : quantumOf(provider, control.usualLatencyMs);
  const intervalMs = startIntervalMs(provider);
  const batchSize = Math.min(
    Math.max(quantum, Math.min(fanOut, BATCH_SIZE_MAX)),
    spacedBatchSize(intervalMs),
  );
  const batchSizes: ByLane<number> = {
    records: batchSize,
    express: worksAtOnce(provider, control)
      ? Math.min(BATCH_SIZE_MAX, spacedBatchSize(intervalMs))
      : batchSize,
  };
  const invocations = Math.min(
    Math.floor(Math.min(control.target, provider.maxConcurrency) / fanOut),
    spacedInvocations(provider, control, batchSize, intervalMs),
  );
  if (awaitsRecord(control)) return { settings: byLane(() => MINIMUM), fanOut };
  const isEnabled = control.phase === "closed" || control.isValveKept;
  const most = invocationsByLane(invocations);
  const settings = byLane((lane) => ({
    isEnabled,
    batchSize: batchSizes[lane],
    maximumConcurrency: most[lane],
  }));
  return { settings, fanOut };
}

/**
 * True if an express batch works with a permit for each of its records: it is as large as may be then, because its lane has
 * few invocations. With one permit for all it would only keep records from those who come sooner to it.
 */
function worksAtOnce({ maxConcurrency }: Provider, control: ControlState): boolean {
  return maxConcurrency > 1 && !wantsSmallBatches(control);
}

/** Records of a batch whose starts the quotas space out: it should not last long. */
function spacedBatchSize(intervalMs: number): number {
  return Math.max(1, Math.floor(SPACED_BATCH_MAX_MS / intervalMs));
}

/**
 * Batches at once that the spacing of starts needs, at the limit or at the one expected soon; without a spacing as many as
 * there are.
 */
function spacedInvocations(
  provider: Provider,
  control: ControlState,
  batchSize: number,
  intervalMs: number,
): number {
  if (intervalMs === 0) return Number.POSITIVE_INFINITY;
  const { latency, maxConcurrency } = provider;
  const meanLatencyMs = meanLatencyMsOf(latency, control.usualLatencyMs ?? latency.medianMs);
  const batchCounts = [control.limit, control.target].map((each) => {
    const calls = { intervalMs, limit: Math.min(each, maxConcurrency), meanLatencyMs };
    const permitCount = Math.max(fanOutOf(provider), permitsForSpacing(calls, batchSize));
    return batchesForSpacing(calls, batchSize, permitCount);
  });
  return Math.max(...batchCounts);
}

/** Settings for the next record to appear: each lane is polled, and brings one at a time. */
const MINIMUM: ValveSettings = {
  isEnabled: true,
  batchSize: 1,
  maximumConcurrency: MAXIMUM_CONCURRENCY_MIN,
};

function awaitsRecord(control: ControlState): boolean {
  return control.phase === "half-open" && control.awaitsRecord === true;
}

function wantsSmallBatches(control: ControlState): boolean {
  return control.phase === "closed" && control.wantsSmallBatches === true;
}

/** The most invocations that each lane's mapping is ever given: those of a limit at X. */
export function mostInvocationsOf(provider: Provider): ByLane<number> {
  return invocationsByLane(Math.floor(provider.maxConcurrency / fanOutOf(provider)));
}

function invocationsByLane(invocations: number): ByLane<number> {
  return byLane((lane) =>
    Math.max(MAXIMUM_CONCURRENCY_MIN, Math.floor(invocations / INVOCATIONS_PER_LANE[lane])),
  );
}

/** Records of one batch in flight together: more than one only if X exceeds the granted invocations. */
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
