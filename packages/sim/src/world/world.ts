import type { SteeringDeps } from "@sluice/core/operator";
import { byLane, type Provider } from "@sluice/core/provider";
import {
  createMemoryBreakerStore,
  createMemoryEventStore,
  createMemoryFetchStore,
  createMemoryHistoryStore,
  createMemoryOrdersStore,
  createMemoryPermitItems,
  createMemoryQuotaStore,
  createMemoryRunStore,
} from "@sluice/core/storage/memory";
import { meterMetrics } from "../billing/metered-metrics.ts";
import type { TraceSample } from "../report/trace.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { createHistory } from "./history.ts";
import { createLifeline } from "./lifeline.ts";
import { createMappingValve } from "./mapping-valve.ts";
import {
  meterBreakerStore,
  meterEventStore,
  meterFetchStore,
  meterHistoryStore,
  meterOrdersStore,
  meterPermitItems,
  meterQuotaStore,
} from "./metered-stores.ts";
import { createObservers } from "./observers.ts";
import { createQueues } from "./queues.ts";
import { createSite } from "./site.ts";
import { startArrivals } from "./start-arrivals.ts";
import { streamOf } from "./streams.ts";
import { createVentilators, type Ventilators } from "./ventilators.ts";
import { startWakers } from "./wakers.ts";
import { type Identity, type SharedParts, wireEnvironment } from "./wiring.ts";
import { createWorldContext, type WorldContext, type WorldOptions } from "./world-context.ts";
import { createWorldMapping } from "./world-mapping.ts";
import { type WorldParts, type WorldReport, worldReportOf, worldSampleOf } from "./world-report.ts";
import { createWriteBudget } from "./write-budget.ts";

/** One provider's system on virtual time: the production use-cases on a modelled AWS, calling a modelled provider. */
export interface World {
  readonly clock: VirtualClock;
  readonly provider: Provider;
  readonly ventilators: Ventilators;
  /** Passes time until an instant counted from the start, or until every record is done and no more will arrive. */
  run(untilMs: number): Promise<void>;
  /** The process of an operator, new each time: with it he gives his orders. */
  operator(): SteeringDeps;
  /** One instant of the run, now. */
  sample(): TraceSample;
  report(): WorldReport;
}

/** Makes a world at the start of its scenario. */
export function createWorld(options: WorldOptions): World {
  const context = createWorldContext(options);
  const { clock, startMs, provider, meter } = context;
  const { scenario, setup, seed } = options;
  const queues = createQueues(context);
  const ventilators = createVentilators({
    clock,
    timeoutMs: provider.ventilator.timeoutMs,
    overheadMs: scenario.valve.overheadMs,
    fanOut: context.shape.fanOut,
    meter: meter.lambda.ventilator,
    start: (index) => startEnvironment("ventilator", index),
  });
  const parts: WorldParts = {
    site: createSite(context),
    history: createHistory(context.initial, context.elapsedMs, context.onEvent),
    queues,
    mappings: byLane((lane) => createWorldMapping(context, lane, queues.lanes[lane], ventilators)),
    valveCounts: { updates: 0, refusals: 0 },
  };
  const shared = sharedPartsOf(context, parts);

  function startEnvironment(role: Identity["role"], index: number) {
    const name = `${role}-${index}`;
    const lifeline = createLifeline(clock, options.skewMs?.(name) ?? 0);
    return { lifeline, deps: wireEnvironment(shared, { name, role, lifeline }) };
  }

  startWakers(
    {
      clock,
      meter,
      provider,
      everyMs: setup.wakeEveryMs,
      start: (index) => startEnvironment("waker", index).deps,
    },
    startMs + streamOf(seed, "waker").next() * setup.wakeEveryMs,
  );
  const isDrained = startArrivals(context, queues);
  let operatorCount = 0;
  return {
    clock,
    provider,
    ventilators,
    run: (untilMs) => clock.run(startMs + untilMs),
    operator() {
      operatorCount += 1;
      return startEnvironment("operator", operatorCount - 1).deps;
    },
    sample: () => worldSampleOf(context, parts),
    report: () => worldReportOf(context, parts, isDrained()),
  };
}

function sharedPartsOf(
  { options, clock, provider, meter, log }: WorldContext,
  { site, history, queues, mappings, valveCounts }: WorldParts,
): SharedParts {
  const { scenario, setup, seed } = options;
  const budget = createWriteBudget(clock, meter.table);
  const observers = createObservers({
    clock,
    random: streamOf(seed, "observers"),
    ratios: scenario.observers,
  });
  return {
    provider,
    setup,
    seed,
    log,
    metrics: meterMetrics(meter.logs, provider.id),
    site,
    observers,
    workerMeter: meter.lambda.worker,
    fetches: meterFetchStore(createMemoryFetchStore(), budget),
    items: observers.spoilItems(meterPermitItems(createMemoryPermitItems(), budget)),
    runs: createMemoryRunStore(),
    quotaStore: meterQuotaStore(createMemoryQuotaStore(), budget),
    store: meterBreakerStore(createMemoryBreakerStore(), budget),
    orders: meterOrdersStore(createMemoryOrdersStore(), budget),
    events: history.watch(meterEventStore(createMemoryEventStore(), budget)),
    history: meterHistoryStore(createMemoryHistoryStore(), budget),
    queues: byLane((lane) => queues.lanes[lane].queue),
    deadLetters: queues.deadLetters.queue,
    valves: byLane((lane) => createMappingValve(mappings[lane], valveCounts)),
    isProbing: () => history.control().phase === "half-open",
  };
}
