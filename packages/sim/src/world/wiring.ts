import { assembleBreaker, type BreakerDeps } from "@sluice/core/breaker";
import { createHistorian } from "@sluice/core/history";
import type { SteeringDeps } from "@sluice/core/operator";
import type {
  Announcer,
  BreakerStore,
  EventStore,
  FetchStore,
  HistoryStore,
  Invocation,
  Log,
  Metrics,
  OrdersStore,
  PermitItems,
  Queue,
  QuotaStore,
  RunStore,
  Valve,
} from "@sluice/core/ports";
import type { ByLane, Provider } from "@sluice/core/provider";
import { createLedger } from "@sluice/core/runs";
import { quotasPartOf } from "@sluice/core/steering/quotas";
import type { WakerDeps } from "@sluice/core/waker";
import { WORKER_CONTRACT_VERSION, type WorkerRequest } from "@sluice/core/worker";
import type { LambdaMeter } from "../billing/meter.ts";
import type { LawSetup } from "../laws/law-setup.ts";
import { createPerReportBreaker } from "../laws/per-report-breaker.ts";
import type { Lifeline } from "./lifeline.ts";
import type { Observers } from "./observers.ts";
import type { Site } from "./site.ts";
import { streamOf } from "./streams.ts";

/** The parts that all execution environments of a provider share. */
export interface SharedParts {
  readonly provider: Provider;
  readonly setup: LawSetup;
  readonly seed: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly site: Site;
  readonly workerMeter: LambdaMeter;
  readonly fetches: FetchStore;
  readonly items: PermitItems;
  readonly store: BreakerStore;
  readonly quotaStore: QuotaStore;
  readonly runs: RunStore;
  readonly orders: OrdersStore;
  readonly events: EventStore;
  readonly history: HistoryStore;
  readonly observers: Observers;
  readonly queues: ByLane<Queue>;
  readonly deadLetters: Queue;
  readonly valves: ByLane<Valve>;
  /** True while the breaker is half-open, in which a call is a probe. */
  isProbing(): boolean;
}

/** One execution environment. */
export interface Identity {
  /** A name unlike any other's. */
  readonly name: string;
  readonly role: "ventilator" | "waker" | "operator";
  readonly lifeline: Lifeline;
}

const NOBODY_TOLD: Announcer = { announce: async () => {} };

/** Wires the production use-cases as an execution environment does: with its own pool and breaker. */
export function wireEnvironment(shared: SharedParts, identity: Identity): WakerDeps & SteeringDeps {
  const { provider, setup, items, store, orders, events, valves, log, metrics } = shared;
  const ports = {
    provider,
    law: setup.law,
    items,
    store,
    orders,
    events,
    valves,
    log,
    clock: identity.lifeline.clock,
    ids: idsOf(identity.name),
    random: streamOf(shared.seed, identity.name),
    metrics,
    ...(setup.shape && { shape: setup.shape }),
  };
  return {
    ...ports,
    ...assembleBreaker(ports, setup.seesEachReport ? perReport(shared.observers) : {}),
    ...quotasPartOf(ports, () => shared.quotaStore),
    fetches: shared.fetches,
    ledger: createLedger({
      ...ports,
      provider: provider.id,
      runs: shared.runs,
      history: shared.history,
      announcer: NOBODY_TOLD,
    }),
    historian: createHistorian({ ...ports, history: shared.history }),
    deadLetters: shared.deadLetters,
    queues: shared.queues,
    worker: { invoke: (request) => identity.lifeline.outlive(invokeWorker(request, shared)) },
  };
}

/** The breaker of a law that sees each report; other laws learn from shards, whose reports are spoilt. */
function perReport(observers: Observers) {
  return { createBreaker: (deps: BreakerDeps) => observers.spoilBreaker(createPerReportBreaker(deps)) };
}

async function invokeWorker(
  { attemptId, recordId, attempt }: WorkerRequest,
  { site, workerMeter, isProbing }: SharedParts,
): Promise<Invocation> {
  const outcome = await site.call({ recordId, attempt, isProbe: isProbing() });
  workerMeter.requests += 1;
  workerMeter.durationMs += outcome.latencyMs;
  return { kind: "answered", payload: { version: WORKER_CONTRACT_VERSION, attemptId, outcome } };
}

function idsOf(name: string): { next(): string } {
  let count = 0;
  return {
    next() {
      count += 1;
      return `${name}-${count}`;
    },
  };
}
