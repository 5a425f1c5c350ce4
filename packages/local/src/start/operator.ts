import { userInfo } from "node:os";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { createBreaker } from "@sluice/core/breaker";
import { productionLawBeside } from "@sluice/core/law";
import { hold, type OrderAnswer, resume, type SteeringDeps } from "@sluice/core/operator";
import type { Log, Metrics } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import { quotasPartOf } from "@sluice/core/steering/quotas";
import {
  createBreakerStore,
  createEventStore,
  createOrdersStore,
  createPermitItems,
  createQuotaStore,
  type Table,
} from "@sluice/core/storage";
import { idleReconciler, permitBoundsOf } from "@sluice/core/valve";

/** The person at this machine as an operator of the provider: production's use-cases on the run's own table. */
export interface Operator {
  /** The parts that the use-cases work with. */
  readonly deps: SteeringDeps;
  /** Holds the provider from `fromMs` on, or from now. @throws Unreachable, StoredRowInvalid */
  hold(times: { readonly fromMs?: number; readonly forMs: number }): Promise<OrderAnswer>;
  /** Ends a hold that is in force. @throws Unreachable, StoredRowInvalid */
  resume(): Promise<OrderAnswer>;
}

/** An operator publishes no metrics. */
const NO_METRICS: Metrics = { batch: () => {}, gauges: () => {}, decision: () => {} };
const REASON = "to see it on this machine";

/** Makes the operator of a provider whose rows are in a table. */
export function createOperator(provider: Provider, table: Table, log: Log): Operator {
  const ports = {
    provider,
    law: productionLawBeside(provider.breaker.shadow),
    items: createPermitItems(table, provider.id),
    bounds: permitBoundsOf(provider),
    store: createBreakerStore(table, provider.id),
    orders: createOrdersStore(table, provider.id),
    events: createEventStore(table, provider.id, systemClock.nowMs),
    clock: systemClock,
    ids: systemIds,
    log,
  };
  // The waker turns the valves.
  const breaker = createBreaker({ ...ports, metrics: NO_METRICS, reconciler: idleReconciler });
  const quotas = quotasPartOf(ports, () => createQuotaStore(table, provider.id));
  const deps: SteeringDeps = { ...ports, ...quotas, breaker };
  const author = { by: nameOfUser(), reason: REASON };
  return {
    deps,
    hold: (times) => hold({ ...author, ...times }, deps),
    resume: () => resume(author, deps),
  };
}

/** The name of the person at this machine; a container's user may have none. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "a user of this machine";
  }
}
