import type { Breaker } from "../breaker/breaker.ts";
import type { BreakerDeps } from "../breaker/breaker-deps.ts";
import type { Quotas } from "../steering/quotas/quotas.ts";

/** The parts that operators' use-cases work with. */
export interface SteeringDeps
  extends Pick<
    BreakerDeps,
    "provider" | "law" | "items" | "bounds" | "store" | "orders" | "events" | "clock" | "ids" | "log"
  > {
  /** A breaker of its own, on the same stores; with a reconciler that does nothing it leaves the valve to the waker. */
  readonly breaker: Pick<Breaker, "look" | "observe">;
  /** Absent for a provider without quotas. */
  readonly quotas?: Pick<Quotas, "readHeldUntilMs" | "readLeft">;
}
