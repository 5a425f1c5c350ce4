import { type ControlState, lawConfigOf } from "@sluice/core/law";
import type { Provider } from "@sluice/core/provider";
import {
  createMemoryBreakerStore,
  createMemoryEventStore,
  createMemoryFetchStore,
  createMemoryPermitItems,
} from "@sluice/core/storage/memory";
import { type MappingShape, mappingShapeOf } from "@sluice/core/valve";
import { createMeter, type Meter } from "../billing/meter.ts";
import type { Mapping } from "../event-source-mapping/mapping.ts";
import type { LawSetup } from "../lab/law-setup.ts";
import { fateOf, type RecordFate } from "../provider-simulator/record-fate.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import type { TraceSample } from "../report/trace.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-time/virtual-clock.ts";
import { createCountingLog } from "./counting-log.ts";
import { createFifoQueue, type FifoQueue } from "./fifo-queue.ts";
import { createHistory, type WorldEvent } from "./history.ts";
import { createLifeline } from "./lifeline.ts";
import { createMappingValve, type ValveCounts } from "./mapping-valve.ts";
import { meterBreakerStore, meterEventStore, meterFetchStore, meterPermitItems } from "./metered-stores.ts";
import { createObservers } from "./observers.ts";
import { providerOf } from "./provider-of.ts";
import { messageOf, recordIdIn } from "./record-messages.ts";
import { arrivalsOf } from "./records.ts";
import { createSite, type SiteReport } from "./site.ts";
import { streamOf } from "./streams.ts";
import { createVentilators, type Ventilators } from "./ventilators.ts";
import { startWakers } from "./wakers.ts";
import { type SharedParts, wireEnvironment } from "./wiring.ts";
import { createWorldMapping } from "./world-mapping.ts";
import { createWriteBudget } from "./write-budget.ts";

/** One provider's system on virtual time: the production use-cases on a modelled AWS, calling a modelled provider. */
export interface World {
  readonly clock: VirtualClock;
  readonly provider: Provider;
  readonly ventilators: Ventilators;
  /** Passes time until an instant counted from the start, or until every record is done and no more will arrive. */
  run(untilMs: number): Promise<void>;
  /** How things stand now. */
  sample(): TraceSample;
  report(): WorldReport;
}

/** What came of a run so far; instants count from its start. */
export interface WorldReport {
  readonly elapsedMs: number;
  readonly isDrained: boolean;
  readonly site: SiteReport;
  /** What the law decided and what was done to the valves, in order. */
  readonly events: readonly WorldEvent[];
  readonly valve: Readonly<ValveCounts>;
  /** Records in the dead-letter queue, by what was in store for them. */
  readonly deadLetters: Readonly<Record<RecordFate, number>>;
  /** How often the message was received that was received most often. */
  readonly mostReceives: number;
  readonly meter: Meter;
  /** Warnings and errors that were logged, by their message. */
  readonly logCounts: Readonly<Record<string, number>>;
}

/** What a world is made of. */
export interface WorldOptions {
  readonly scenario: Scenario;
  readonly setup: LawSetup;
  /** An integer: the same seed, the same run. */
  readonly seed: number;
  /** How far the clock of an execution environment is off, by its name; left out: not at all. */
  skewMs?(name: string): number;
  /** Told of everything that happens, in order. */
  onEvent?(atMs: number, what: string): void;
}

/** What the parts of a world have in common. */
interface Ground {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly provider: Provider;
  readonly meter: Meter;
  /** What the law begins with, and how that is shaped. */
  readonly initial: ControlState;
  readonly shape: MappingShape;
  elapsedMs(): number;
  onEvent(what: string): void;
}

/** A Monday at midnight UTC: runs of less than a day stay within one provider day. */
const START_MS = Date.UTC(2026, 0, 5);
const ARRIVALS_EVERY_MS = 1_000;

/** Makes a world at the start of its scenario. */
export function createWorld(options: WorldOptions): World {
  const ground = layGround(options);
  const { clock, provider, meter, elapsedMs, onEvent } = ground;
  const { scenario, setup, seed } = options;
  const site = createSite({ scenario, seed, clock, startMs: START_MS, onEvent });
  const { log, counts: logCounts } = createCountingLog();
  const history = createHistory(ground.initial, elapsedMs, onEvent);
  const queues = createQueues(ground);
  const valveCounts: ValveCounts = { updates: 0, refusals: 0 };
  const mappings = { records: mappingOf("records"), express: mappingOf("express") };
  const budget = createWriteBudget(clock, meter.table);
  const observers = createObservers({
    clock,
    random: streamOf(seed, "observers"),
    ratios: scenario.observers,
  });
  const shared: SharedParts = {
    provider,
    setup,
    seed,
    log,
    site,
    observers,
    workerMeter: meter.lambda.worker,
    fetches: meterFetchStore(createMemoryFetchStore(), budget),
    items: observers.spoilItems(meterPermitItems(createMemoryPermitItems(), budget)),
    store: meterBreakerStore(createMemoryBreakerStore(), budget),
    events: history.watch(meterEventStore(createMemoryEventStore(), budget)),
    queues: { records: queues.records.queue, express: queues.express.queue },
    deadLetters: queues.deadLetters.queue,
    valves: {
      records: createMappingValve(mappings.records, valveCounts),
      express: createMappingValve(mappings.express, valveCounts),
    },
  };
  const ventilators = createVentilators({
    clock,
    timeoutMs: provider.ventilator.timeoutMs,
    overheadMs: scenario.valve.overheadMs,
    fanOut: ground.shape.fanOut,
    meter: meter.lambda.ventilator,
    start: (index) => wire("ventilator", index),
  });

  function mappingOf(name: "records" | "express"): Mapping {
    const { mappingQueue, queue } = queues[name];
    const functionTimeoutMs = provider.ventilator.timeoutMs;
    const deps = { clock, seed, name, functionTimeoutMs, queue: mappingQueue, valve: scenario.valve };
    return createWorldMapping(
      { ...deps, invoke: (event) => ventilators.invoke(event, queue) },
      ground.shape.settings[name],
    );
  }

  function wire(role: "ventilator" | "waker", index: number) {
    const name = `${role}-${index}`;
    const lifeline = createLifeline(clock, options.skewMs?.(name) ?? 0);
    return { lifeline, deps: wireEnvironment(shared, { name, role, lifeline }) };
  }

  startWakers(
    { clock, meter, provider, everyMs: setup.wakeEveryMs, start: (index) => wire("waker", index).deps },
    START_MS + streamOf(seed, "waker").next() * setup.wakeEveryMs,
  );
  const isDrained = startArrivals(ground, queues);
  return {
    clock,
    provider,
    ventilators,
    run: (untilMs) => clock.run(START_MS + untilMs),
    sample() {
      const { settings } = mappings.records.describe();
      const { phase, limit } = history.control();
      return {
        atMs: elapsedMs(),
        phase,
        limit,
        inFlightCount: site.inFlightCount(),
        capacityCount: site.capacityCount(),
        batchSize: settings.batchSize,
        maximumConcurrency: settings.maximumConcurrency ?? 0,
        isValveEnabled: settings.isEnabled,
        backlogCount: queues.records.size() + queues.express.size(),
        fetchedCount: site.servedCount(),
      };
    },
    report: () => ({
      elapsedMs: elapsedMs(),
      isDrained: isDrained(),
      site: site.report(),
      events: history.events,
      valve: { ...valveCounts },
      deadLetters: { ...queues.deadLetterCounts },
      mostReceives: queues.records.mostReceives(),
      meter: structuredClone(meter),
      logCounts: Object.fromEntries(logCounts),
    }),
  };
}

function layGround(options: WorldOptions): Ground {
  const clock = createVirtualClock(START_MS);
  const provider = providerOf(options.scenario);
  const { law, shape = mappingShapeOf } = options.setup;
  const initial = law.initial(lawConfigOf(provider), START_MS);
  const elapsedMs = () => clock.nowMs() - START_MS;
  return {
    options,
    clock,
    provider,
    meter: createMeter(),
    initial,
    shape: shape(provider, initial),
    elapsedMs,
    onEvent: (what) => options.onEvent?.(elapsedMs(), what),
  };
}

/** The queues of a provider, and who has ended in the last of them. */
interface Queues {
  readonly records: FifoQueue;
  readonly express: FifoQueue;
  readonly deadLetters: FifoQueue;
  readonly deadLetterCounts: Readonly<Record<RecordFate, number>>;
}

function createQueues({ options, clock, provider, meter, onEvent }: Ground): Queues {
  const { scenario, setup, seed } = options;
  const deadLetterCounts = { healthy: 0, poison: 0, unknown: 0 };
  const deps = {
    clock,
    meter: meter.sqs,
    visibilityTimeoutMs: provider.queue.visibilityTimeoutMs,
    makeUp: (index: number) => messageOf(index, provider, setup.groups),
  };
  const deadLetters = createFifoQueue({
    ...deps,
    onSent({ body }) {
      const recordId = recordIdIn(body, provider);
      if (recordId === undefined) throw new RangeError(`a dead letter is none of ours: ${body}`);
      deadLetterCounts[fateOf(scenario.provider, seed, recordId)] += 1;
      onEvent(`dead letter ${recordId}`);
    },
  });
  return { records: createFifoQueue(deps), express: createFifoQueue(deps), deadLetters, deadLetterCounts };
}

/** Lets records arrive, and stops the clock when all are done; answers whether that is so. */
function startArrivals({ options, clock, elapsedMs }: Ground, { records, express }: Queues): () => boolean {
  const arrivals = arrivalsOf(options.scenario);
  let arrivedCount = 0;
  const isDrained = () => arrivedCount === arrivals.totalCount && records.size() + express.size() === 0;

  function arrive(): void {
    const count = arrivals.countAt(elapsedMs());
    if (count > arrivedCount) records.arrive(count - arrivedCount);
    arrivedCount = count;
    if (isDrained()) clock.stop();
    clock.at(clock.nowMs() + ARRIVALS_EVERY_MS, arrive);
  }

  clock.at(START_MS, arrive);
  return isDrained;
}
