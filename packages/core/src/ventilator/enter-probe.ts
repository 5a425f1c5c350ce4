import type { HeldPermits, LeaseRequest } from "../permits/check-out.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import { type Candidate, rankCandidates, rankOf } from "./candidates.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { ShutGate } from "./reopening.ts";

/** The one permit of a probe, and the record to ask. */
export interface ProbeEntry {
  readonly permits: HeldPermits;
  readonly task: Task;
}

/** Time for which a record stands back for others, for each place that it is behind in their order. */
const STAND_BACK_MS = 1_000;
const STAND_BACK_MAX_MS = 4_000;

/** Tries to probe, at a gate that is tripped or half-open, with a permit until then: undefined if it can't be done now. */
export type TryProbe = (gate: ShutGate, leaseUntilMs: number) => Promise<ProbeEntry | undefined>;

/**
 * A batch's way to probe. A probe that is due is told to the law, whose step one process makes; then the one permit
 * decides who probes. A batch without a fresh record leaves others a moment to come first.
 */
export function createTryProbe(
  tasks: readonly Task[],
  holderId: string,
  { takeUpUntilMs }: Pick<BatchTimes, "takeUpUntilMs">,
  deps: VentilatorDeps,
): TryProbe {
  const { breaker, permits, clock } = deps;
  let best: Candidate | undefined;

  return async (gate, leaseUntilMs) => {
    if (gate.reason === "tripped") {
      if (gate.reopensAtMs === undefined || clock.nowMs() < gate.reopensAtMs) return undefined;
      await breaker.observe({ kind: "probe-due", hasRecord: true });
    }
    const { isFree, lastOkAtMs } = await permits.readProbe(clock.nowMs());
    if (!isFree) return undefined;
    if (best === undefined) {
      [best] = await rankCandidates(tasks, lastOkAtMs, deps);
      const standBackMs = best === undefined ? 0 : rankOf(best) * STAND_BACK_MS;
      if (standBackMs > 0) await clock.sleep(Math.min(STAND_BACK_MAX_MS, standBackMs));
    }
    const nowMs = clock.nowMs();
    if (best === undefined || nowMs >= takeUpUntilMs) return undefined;
    const request: LeaseRequest = { holderId, nowMs, leaseUntilMs };
    const checkOut = await permits.checkOutProbe(request);
    if (checkOut.kind !== "granted") return undefined;
    return { permits: checkOut.permits, task: best.task };
  };
}
