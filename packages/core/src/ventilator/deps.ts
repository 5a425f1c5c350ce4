import type { Breaker } from "../breaker/breaker.ts";
import type { PermitPool } from "../permits/permit-pool.ts";
import type { Clock } from "../ports/clock.ts";
import type { FetchStore } from "../ports/fetch-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { WorkerInvoker } from "../ports/worker-invoker.ts";
import type { Provider } from "../provider/provider.ts";
import type { Ledger } from "../runs/ledger.ts";
import type { Quotas } from "../steering/quotas/quotas.ts";

/** Everything that a ventilator works with. */
export interface VentilatorDeps {
  readonly provider: Provider;
  readonly fetches: FetchStore;
  readonly permits: PermitPool;
  readonly breaker: Breaker;
  readonly worker: WorkerInvoker;
  readonly deadLetters: Queue;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Absent for a provider without quotas. */
  readonly quotas?: Quotas;
}
