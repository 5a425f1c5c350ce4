import type { BreakerAssembly, BreakerPorts } from "../breaker/assemble.ts";
import { type BreakerStatus, notBeforeMs } from "../breaker/breaker-status.ts";
import { messageOf } from "../errors.ts";
import { isUnreadable, leasesAt, substituteFor } from "../permits/lease.ts";
import { FIRST_SHARD, NO_SPLIT, readAllShards } from "../permits/split.ts";
import type { Split } from "../ports/split.ts";
import { byLane } from "../provider/lane.ts";
import type { ReconcileOptions } from "../valve/reconciler.ts";
import { probe } from "./probe.ts";
import type { ProbeDeps } from "./probe-deps.ts";
import { type PublishDeps, publish } from "./publish.ts";
import {
  LOOK_MS,
  latestProbeAtMs,
  MOVE_WITHIN_MS,
  VENTILATORS_FIRST_MS,
  WAIT_WITHIN_ROUND_MS,
} from "./waker-times.ts";

/** Everything that the waker works with. */
export interface WakerDeps
  extends ProbeDeps,
    BreakerAssembly,
    Pick<BreakerPorts, "items">,
    Pick<PublishDeps, "historian"> {}

/**
 * The breaker's own heartbeat, once a minute: frees permits whose holders died, reconciles the valve, moves permits to
 * other shards after a deploy that asks for it, probes when it is due, publishes what it sees, and looks after runs. Cheap when there is
 * nothing to do. Never throws: each part that fails is tried again by the next round.
 */
export async function wake(deps: WakerDeps, deadlineAtMs: number): Promise<void> {
  const { breaker, reconciler, shardMover, ledger, clock, log } = deps;
  // Beside the rest: nothing of it waits for the runs.
  const lookingAfter = ledger.lookAfterRuns();
  try {
    const split = await freeDeadPermits(deps);
    const status = await breaker.look();
    // Before the wait for a probe: a valve that a trip could not shut would bounce the backlog meanwhile.
    const { control, heldUntilMs, plannedUntilMs } = status;
    const quotaHold = await quotaHoldOf(deps);
    await reconciler.reconcile(control, { heldUntilMs, plannedUntilMs, ...quotaHold, isThorough: true });
    await shardMover.move(split, clock.nowMs() + MOVE_WITHIN_MS);
    const lastStatus = await probeWhenDue(heldBy(status, quotaHold), deps, deadlineAtMs);
    await publish(lastStatus, quotaHold.quotaHeldUntilMs, deps);
    await lookWhenUnpinned(lastStatus, deps, deadlineAtMs);
  } catch (thrown) {
    log.error("the waker's round was cut short, the next one goes on", { cause: messageOf(thrown) });
  }
  await lookingAfter;
}

/**
 * Looks again at the end of a pin, if that comes before the next round: permits are lent by the limit of afterwards then, and
 * the valve is to follow.
 */
async function lookWhenUnpinned(
  { control: { pinnedUntilMs } }: BreakerStatus,
  { breaker, clock }: WakerDeps,
  deadlineAtMs: number,
): Promise<void> {
  if (pinnedUntilMs === undefined || pinnedUntilMs > clock.nowMs() + WAIT_WITHIN_ROUND_MS) return;
  if (pinnedUntilMs > deadlineAtMs - LOOK_MS) return;
  while (clock.nowMs() < pinnedUntilMs) await clock.sleep(pinnedUntilMs - clock.nowMs());
  await breaker.look();
}

/** The status, held for as long as quotas have no start for anybody, not even for a probe. */
function heldBy(
  status: BreakerStatus,
  { quotaHeldUntilMs }: Pick<ReconcileOptions, "quotaHeldUntilMs">,
): BreakerStatus {
  if (quotaHeldUntilMs === undefined) return status;
  return { ...status, plannedUntilMs: Math.max(status.plannedUntilMs, quotaHeldUntilMs.express) };
}

/**
 * The lanes' waits for quotas; none where there are no quotas, or no more; nothing if the store can't be had: then what was
 * told last holds.
 */
async function quotaHoldOf({ quotas, log }: WakerDeps): Promise<Pick<ReconcileOptions, "quotaHeldUntilMs">> {
  if (quotas === undefined) return { quotaHeldUntilMs: byLane(() => 0) };
  try {
    return { quotaHeldUntilMs: await quotas.readHeldUntilMs() };
  } catch (thrown) {
    log.warn("what quotas have left could not be read", { cause: messageOf(thrown) });
    return {};
  }
}

/**
 * Frees permits whose holders died. Check-outs do so too, but only when they find none free. Returns the split in
 * force.
 */
async function freeDeadPermits({ items, bounds, clock, log }: WakerDeps): Promise<Split> {
  const shards = await readAllShards(items, bounds);
  for (const [shard, { leases }] of shards.entries()) {
    const nowMs = clock.nowMs();
    const { lapsed } = leasesAt(leases, nowMs);
    if (lapsed.length > 0) {
      log.warn("permits of holders that died have run out", { shard, permits: lapsed.length });
      await items.prune(shard, lapsed);
    }
    for (const lease of leases.filter(isUnreadable)) {
      log.error("a lease can't be read: it ends when no holder can live any more", {
        shard,
        lease: lease.text,
      });
      await items.add(shard, [substituteFor(lease, nowMs)]);
      await items.prune(shard, [lease]);
    }
  }
  return shards[FIRST_SHARD]?.split ?? NO_SPLIT;
}

async function probeWhenDue(
  status: BreakerStatus,
  deps: WakerDeps,
  deadlineAtMs: number,
): Promise<BreakerStatus> {
  const { clock, provider, log } = deps;
  const dueAtMs = probeDueAtMs(status);
  if (dueAtMs === undefined) return status;
  if (dueAtMs > clock.nowMs() + WAIT_WITHIN_ROUND_MS) return status;
  if (dueAtMs > latestProbeAtMs(provider, deadlineAtMs)) return status;
  // Timers may end a moment early, and the law refuses a probe before its time.
  while (clock.nowMs() < dueAtMs) await clock.sleep(dueAtMs - clock.nowMs());
  log.info("probe is due");
  return isValveOpen(status) ? awaitRecord(deps) : probe(deps, deadlineAtMs);
}

/** Instant at which the waker is to see to the next probe; undefined while the breaker is closed or ventilators do. */
function probeDueAtMs(status: BreakerStatus): number | undefined {
  const { control } = status;
  const freeMs = notBeforeMs(status);
  switch (control.phase) {
    case "closed":
      return undefined;
    case "open": {
      const dueAtMs = Math.max(control.probeAtMs, freeMs);
      return isValveOpen(status) ? dueAtMs + VENTILATORS_FIRST_MS : dueAtMs;
    }
    case "half-open":
      return isValveOpen(status) ? undefined : freeMs;
  }
}

/** The valve is to be open although the breaker is not closed. */
function isValveOpen({ control }: BreakerStatus): boolean {
  if (control.phase === "closed") return true;
  return control.isValveKept || (control.phase === "half-open" && control.awaitsRecord === true);
}

/** Lets the next record to appear be the probe, unless a ventilator has come with one. */
async function awaitRecord({ breaker }: WakerDeps): Promise<BreakerStatus> {
  await breaker.observe({ kind: "probe-due", hasRecord: false });
  return breaker.look();
}
