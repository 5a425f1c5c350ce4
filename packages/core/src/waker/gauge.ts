import type { BreakerStatus } from "../breaker/breaker-status.ts";
import type { WakerDeps } from "./deps.ts";

/** Publishes how things stand. */
export async function gauge(
  { control, inFlightCount, heldUntilMs }: BreakerStatus,
  { queues, valves, metrics, clock }: Pick<WakerDeps, "queues" | "valves" | "metrics" | "clock">,
): Promise<void> {
  const [records, express, valve] = await Promise.all([
    queues.records.depth(),
    queues.express.depth(),
    valves.records.read(),
  ]);
  metrics.gauges({
    phase: control.phase,
    limit: control.limit,
    inFlightCount,
    batchSize: valve?.settings.batchSize ?? 0,
    maximumConcurrency: valve?.settings.maximumConcurrency ?? 0,
    isValveEnabled: valve?.state === "enabled",
    isHeld: heldUntilMs > clock.nowMs(),
    backlogCount: records.visibleCount + records.inFlightCount + express.visibleCount + express.inFlightCount,
  });
}
