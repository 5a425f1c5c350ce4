import type { BreakerStatus } from "../breaker/breaker-status.ts";
import type { Historian } from "../history/historian.ts";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { environmentHoldOf } from "../law/control.ts";
import type { Clock } from "../ports/clock.ts";
import type { Snapshot, SnapshotValve } from "../ports/history-store.ts";
import type { GaugeSample, Metrics } from "../ports/metrics.ts";
import type { Queue } from "../ports/queue.ts";
import type { Valve, ValveReading } from "../ports/valve.ts";
import { type ByLane, LANES } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import type { Quotas } from "../steering/quotas/quotas.ts";
import { messagesIn } from "./queued-count.ts";

/** Everything that a provider is seen with. */
export interface PublishDeps {
  readonly provider: Provider;
  readonly queues: ByLane<Queue>;
  readonly deadLetters: Queue;
  readonly valves: ByLane<Valve>;
  readonly quotas?: Pick<Quotas, "used">;
  readonly historian: Historian;
  readonly metrics: Pick<Metrics, "gauges">;
  readonly clock: Clock;
}

/** Publishes breaker, valve and queues as gauges, and keeps them as the minute's snapshot. @throws Unreachable */
export async function publish(
  status: BreakerStatus,
  quotaHeldUntilMs: ByLane<number> | undefined,
  deps: PublishDeps,
): Promise<void> {
  const { queues, deadLetters, valves, metrics, historian, clock } = deps;
  const [records, express, { visibleCount: deadLetterCount }, valve] = await Promise.all([
    queues.records.depth(),
    queues.express.depth(),
    deadLetters.depth(),
    valves.records.read(),
  ]);
  const seen = { queued: { records, express }, deadLetterCount, ...(valve && { valve: valveOf(valve) }) };
  const snapshot = snapshotOf(status, quotaHeldUntilMs, seen, deps);
  metrics.gauges(gaugesOf(snapshot, status, clock.nowMs()));
  await historian.note(snapshot);
}

function snapshotOf(
  { control, inFlightCount, heldUntilMs, plannedUntilMs, outcomes }: BreakerStatus,
  quotaHeldUntilMs: ByLane<number> | undefined,
  seen: Pick<Snapshot, "queued" | "deadLetterCount" | "valve">,
  { provider, quotas, clock }: PublishDeps,
): Snapshot {
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
    ...seen,
    outcomes: outcomeTotalsOf(outcomes),
  };
}

function valveOf({ state, settings }: ValveReading): SnapshotValve {
  const { batchSize, maximumConcurrency } = settings;
  return { state, batchSize, ...(maximumConcurrency !== undefined && { maximumConcurrency }) };
}

function gaugesOf(
  { phase, limit, inFlightCount, heldUntilMs, plannedUntilMs, environmentHold, valve, queued }: Snapshot,
  { orderedFromMs }: BreakerStatus,
  nowMs: number,
): GaugeSample {
  return {
    phase,
    limit,
    inFlightCount,
    batchSize: valve?.batchSize ?? 0,
    maximumConcurrency: valve?.maximumConcurrency ?? 0,
    isValveEnabled: valve?.state === "enabled",
    hold: holdOf(plannedUntilMs, heldUntilMs),
    orderedHoldAgeMs: orderedFromMs === undefined ? 0 : Math.max(1, nowMs - orderedFromMs),
    environmentHold: environmentHold ?? "none",
    backlogCount: messagesIn(queued),
  };
}

function holdOf(plannedUntilMs: number | undefined, heldUntilMs: number | undefined): GaugeSample["hold"] {
  if (plannedUntilMs !== undefined) return "planned";
  return heldUntilMs === undefined ? "none" : "retry-after";
}
