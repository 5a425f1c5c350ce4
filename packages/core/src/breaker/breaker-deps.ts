import type { Law } from "../law/law.ts";
import type { PermitBounds } from "../permits/gate.ts";
import type { BreakerStore } from "../ports/breaker-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { OrdersStore } from "../ports/orders-store.ts";
import type { PermitItems } from "../ports/permit-items.ts";
import type { Provider } from "../provider/provider.ts";
import type { Reconciler } from "../valve/reconciler.ts";

/** The parts that a breaker works with. */
export interface BreakerDeps {
  readonly provider: Provider;
  // biome-ignore lint/suspicious/noExplicitAny: a law's state is its own business, here it only passes through
  readonly law: Law<any>;
  readonly items: PermitItems;
  readonly bounds: PermitBounds;
  readonly store: BreakerStore;
  readonly orders: OrdersStore;
  readonly events: EventStore;
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}
