import type { BreakerDeps } from "../breaker/breaker-deps.ts";
import type { Queue } from "../ports/queue.ts";
import type { Reconciler, ReconcilerDeps } from "../valve/reconciler.ts";
import type { VentilatorDeps } from "../ventilator/deps.ts";

/** What the waker works with: what the ventilator has, because a probe is a batch of one, and the valve. */
export interface WakerDeps extends VentilatorDeps {
  readonly queues: { readonly records: Queue; readonly express: Queue };
  readonly reconciler: Reconciler;
  readonly items: BreakerDeps["items"];
  readonly bounds: BreakerDeps["bounds"];
  readonly valves: ReconcilerDeps["valves"];
}
