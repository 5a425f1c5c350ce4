import type { BreakerStatus } from "../breaker/breaker-status.ts";
import { messageOf } from "../errors.ts";
import type { WakerDeps } from "./deps.ts";
import { gauge } from "./gauge.ts";
import { probe } from "./probe.ts";
import { pruneLapsed } from "./prune-lapsed.ts";
import { latestProbeAtMs, WAIT_FOR_PROBE_MS } from "./waker-times.ts";

/**
 * The breaker's own heartbeat, once a minute: frees permits whose holders died, probes when it is due, makes the valve
 * what it should be, and publishes how things stand. Cheap when there is nothing to do. Never throws: each part that
 * fails is tried again by the next round.
 */
export async function wake(deps: WakerDeps, deadlineAtMs: number): Promise<void> {
  const { breaker, reconciler, log } = deps;
  try {
    await pruneLapsed(deps);
    const status = await breaker.look();
    // Before the wait for a probe: a valve that a trip could not shut would bounce the backlog meanwhile.
    await reconciler.reconcile(status.control, { heldUntilMs: status.heldUntilMs, isThorough: true });
    await gauge(await probeWhenDue(status, deps, deadlineAtMs), deps);
  } catch (thrown) {
    log.error("the waker's round was cut short, the next one goes on", { cause: messageOf(thrown) });
  }
}

async function probeWhenDue(
  status: BreakerStatus,
  deps: WakerDeps,
  deadlineAtMs: number,
): Promise<BreakerStatus> {
  const { clock, provider, log } = deps;
  const dueAtMs = dueAt(status);
  if (dueAtMs === undefined) return status;
  if (dueAtMs > clock.nowMs() + WAIT_FOR_PROBE_MS) return status;
  if (dueAtMs > latestProbeAtMs(provider, deadlineAtMs)) return status;
  // Timers may end a moment early, and the law refuses a probe before its time.
  while (clock.nowMs() < dueAtMs) await clock.sleep(dueAtMs - clock.nowMs());
  log.info("probe is due");
  return probe(deps, deadlineAtMs);
}

/** When a probe may be made; undefined while the breaker is closed. */
function dueAt({ control, heldUntilMs }: BreakerStatus): number | undefined {
  switch (control.phase) {
    case "closed":
      return undefined;
    case "open":
      return Math.max(control.probeAtMs, heldUntilMs);
    case "half-open":
      return Math.max(control.probeUntilMs, heldUntilMs);
  }
}
