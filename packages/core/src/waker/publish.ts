import type { BreakerStatus } from "../breaker/breaker-status.ts";
import { messageOf } from "../errors.ts";
import type { Historian } from "../history/historian.ts";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { environmentHoldOf } from "../law/control.ts";
import type { Clock } from "../ports/clock.ts";
import type { Snapshot, SnapshotValve } from "../ports/history-store.ts";
import type { Log } from "../ports/log.ts";
import type { GaugeSample, Metrics, ValveGauges } from "../ports/metrics.ts";
import type { Queue, QueueDepth } from "../ports/queue.ts";
import type { ValveReading } from "../ports/valve.ts";
import { type ByLane, byLane, LANES } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { openingOf } from "../runs/opening.ts";
import type { Quotas } from "../steering/quotas/quotas.ts";
import type { Reconciler, SeenMapping } from "../valve/reconciler.ts";
import { messagesIn } from "./queued-count.ts";
import { type Sighting, troublesOf } from "./troubles.ts";

/** Everything that a provider is seen with. */
export interface PublishDeps {
  readonly provider: Provider;
  readonly queues: ByLane<Pick<Queue, "depth">>;
  readonly deadLetters: Pick<Queue, "depth">;
  readonly reconciler: Pick<Reconciler, "seen">;
  readonly quotas?: Pick<Quotas, "used">;
  readonly historian: Historian;
  readonly metrics: Pick<Metrics, "gauges">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
}

/**
 * Publishes breaker, valve and queues as gauges, and keeps them as the minute's snapshot. What can't be read is left out
 * of the gauges, which are the waker's sign of life. Never throws.
 */
export async function publish(
  status: BreakerStatus,
  quotaHeldUntilMs: ByLane<number> | undefined,
  deps: PublishDeps,
): Promise<void> {
  const { queues, deadLetters, metrics, historian, clock, log } = deps;
  const [records, express, dead] = await Promise.all([
    depthOf(queues.records, "records", log),
    depthOf(queues.express, "express", log),
    depthOf(deadLetters, "dead-letter", log),
  ]);
  const queued = records && express && { records, express };
  const sighting = { ...sightingOf(status, quotaHeldUntilMs, deps), ...(queued && { queued }) };
  const troubles = troublesOf(sighting, historian.last());
  for (const { trouble, cause } of troubles) log.warn("trouble is seen", { trouble, cause });
  const told = troubles.map(({ trouble }) => trouble);
  metrics.gauges({ ...gaugesOf(sighting, status, clock.nowMs()), troubles: told });
  const snapshot = snapshotOf(sighting, dead, historian.last(), deps.provider);
  if (snapshot !== undefined) await historian.note(snapshot);
}

/** The minute's snapshot; undefined where a queue that can't be asked has never been. Else its depth is the last one known. */
function snapshotOf(
  { mappings, ...seen }: Sighting,
  dead: QueueDepth | undefined,
  last: Snapshot | undefined,
  provider: Provider,
): Snapshot | undefined {
  const queued = seen.queued ?? last?.queued;
  const deadLetterCount = dead?.visibleCount ?? last?.deadLetterCount;
  if (queued === undefined || deadLetterCount === undefined) return undefined;
  const snapshot = { ...seen, queued, deadLetterCount };
  const reading = mappings.records?.reading;
  if (mappings.records === undefined || reading === undefined) return snapshot;
  const opening = openingOf(mappings.records, { contract: provider, latest: snapshot });
  return { ...snapshot, valve: { ...valveOf(reading), ...(opening && { opening }) } };
}

async function depthOf(queue: Pick<Queue, "depth">, name: string, log: Log): Promise<QueueDepth | undefined> {
  try {
    return await queue.depth();
  } catch (thrown) {
    log.warn("a queue's depth could not be read", { queue: name, cause: messageOf(thrown) });
    return undefined;
  }
}

function sightingOf(
  { control, inFlightCount, heldUntilMs, plannedUntilMs, outcomes }: BreakerStatus,
  quotaHeldUntilMs: ByLane<number> | undefined,
  { provider, quotas, clock, reconciler }: PublishDeps,
): Sighting {
  const atMs = clock.nowMs();
  const { phase, limit, probeAtMs, usualLatencyMs } = control;
  const environmentHold = environmentHoldOf(control);
  const isQuotaShut = quotaHeldUntilMs !== undefined && LANES.some((lane) => quotaHeldUntilMs[lane] > atMs);
  const quotaUsed = quotas?.used();
  return {
    atMs,
    phase,
    limit,
    maxConcurrency: provider.maxConcurrency,
    inFlightCount,
    ...(probeAtMs !== undefined && { probeAtMs }),
    ...(usualLatencyMs !== undefined && { usualLatencyMs }),
    ...(environmentHold !== undefined && { environmentHold }),
    ...(heldUntilMs > atMs && { heldUntilMs }),
    ...(plannedUntilMs > atMs && { plannedUntilMs }),
    ...(isQuotaShut && { quotaHeldUntilMs }),
    ...(quotaUsed !== undefined && { quotaUsed }),
    outcomes: outcomeTotalsOf(outcomes),
    mappings: byLane((lane) => reconciler.seen(lane)),
  };
}

function valveOf({ state, settings }: ValveReading): SnapshotValve {
  const { batchSize, maximumConcurrency } = settings;
  return { state, batchSize, ...(maximumConcurrency !== undefined && { maximumConcurrency }) };
}

function gaugesOf(
  { phase, limit, inFlightCount, heldUntilMs, plannedUntilMs, environmentHold, mappings, queued }: Sighting,
  { orderedFromMs }: BreakerStatus,
  nowMs: number,
): Omit<GaugeSample, "troubles"> {
  const { records } = mappings;
  return {
    phase,
    limit,
    inFlightCount,
    ...(records && { valve: valveGaugesOf(records) }),
    hold: holdOf(plannedUntilMs, heldUntilMs),
    orderedHoldAgeMs: orderedFromMs === undefined ? 0 : Math.max(1, nowMs - orderedFromMs),
    environmentHold: environmentHold ?? "none",
    ...(queued && { backlogCount: messagesIn(queued) }),
  };
}

function valveGaugesOf({ reading }: SeenMapping): ValveGauges {
  return {
    batchSize: reading?.settings.batchSize ?? 0,
    maximumConcurrency: reading?.settings.maximumConcurrency ?? 0,
    isEnabled: reading?.state === "enabled",
  };
}

function holdOf(plannedUntilMs: number | undefined, heldUntilMs: number | undefined): GaugeSample["hold"] {
  if (plannedUntilMs !== undefined) return "planned";
  return heldUntilMs === undefined ? "none" : "retry-after";
}
