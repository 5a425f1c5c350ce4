import type { Standing } from "../breaker/breaker.ts";
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
    const standing = await breaker.look();
    // Before the wait for a probe: a valve that a trip could not shut would bounce the backlog meanwhile.
    await reconciler.reconcile(standing.governed, { heldUntilMs: standing.heldUntilMs, isThorough: true });
    await gauge(await probeWhenDue(standing, deps, deadlineAtMs), deps);
  } catch (thrown) {
    log.error("the waker's round was cut short, the next one goes on", { cause: messageOf(thrown) });
  }
}

async function probeWhenDue(standing: Standing, deps: WakerDeps, deadlineAtMs: number): Promise<Standing> {
  const { clock, provider, log } = deps;
  const dueAtMs = dueAt(standing);
  if (dueAtMs === undefined) return standing;
  if (dueAtMs > clock.nowMs() + WAIT_FOR_PROBE_MS) return standing;
  if (dueAtMs > latestProbeAtMs(provider, deadlineAtMs)) return standing;
  // Timers may end a moment early, and the law refuses a probe before its time.
  while (clock.nowMs() < dueAtMs) await clock.sleep(dueAtMs - clock.nowMs());
  log.info("probe is due");
  return probe(deps, deadlineAtMs);
}

/** When a probe may be made; undefined while the breaker is closed. */
function dueAt({ governed, heldUntilMs }: Standing): number | undefined {
  switch (governed.phase) {
    case "closed":
      return undefined;
    case "open":
      return Math.max(governed.probeAtMs ?? 0, heldUntilMs);
    case "half-open":
      return Math.max(governed.probeUntilMs ?? 0, heldUntilMs);
  }
}
