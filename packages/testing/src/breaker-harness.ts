import {
  assembleBreaker,
  type Breaker,
  type BreakerAssembly,
  type BreakerDeps,
  type ShardReport,
} from "@sluice/core/breaker";
import type { Evidence, Law } from "@sluice/core/law";
import type { SteeringDeps } from "@sluice/core/operator";
import type {
  BreakerEvent,
  BreakerStore,
  EventStore,
  Log,
  Metrics,
  OrdersStore,
  PermitItems,
  PermitShard,
} from "@sluice/core/ports";
import { byLane, type Quota } from "@sluice/core/provider";
import {
  createMemoryBreakerStore,
  createMemoryEventStore,
  createMemoryOrdersStore,
  createMemoryPermitItems,
} from "@sluice/core/storage/memory";
import type { Reconciler } from "@sluice/core/valve";
import { demoProvider } from "./demo-provider.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createScriptedValve } from "./scripted-valve.ts";
import { silentLog } from "./silent-log.ts";
import { silentMetrics } from "./silent-metrics.ts";
import { type TinyState, tinyLaw, tinyStateIn } from "./tiny-law.ts";
import { type Watched, watchCalls } from "./watch-calls.ts";

/** Breakers of several processes on shared stores in memory. */
export interface BreakerHarness {
  readonly clock: FakeClock;
  readonly items: PermitItems;
  readonly store: BreakerStore;
  readonly orders: OrdersStore;
  readonly events: EventStore;
  start(options?: BreakerProcessOptions): BreakerProcess;
  /** Adds evidence to a shard, as a ventilator does that started in `epoch`; answers with the report of it. */
  report(evidence: Partial<Evidence>, options?: { shard?: number; epoch?: number }): Promise<ShardReport>;
  /** The state that was committed last; undefined if none was. */
  state(): Promise<TinyState | undefined>;
  shards(): Promise<PermitShard[]>;
  decisions(): Promise<BreakerEvent[]>;
}

/** Choices of one process. */
export interface BreakerProcessOptions {
  readonly law?: Law<TinyState>;
  readonly metrics?: Metrics;
  readonly log?: Log;
  readonly maxConcurrency?: number;
  /** The provider's quotas; none by default. */
  readonly quotas?: readonly Quota[];
  /** The number of shards that this process proposes; by default the harness's. */
  readonly shardCount?: number;
  readonly createBreaker?: (deps: BreakerDeps) => Breaker;
}

/** One process: its own breaker, and its own way to the stores. */
export interface BreakerProcess extends Pick<BreakerAssembly, "breaker" | "permits" | "shardMover"> {
  readonly store: Watched<BreakerStore>;
  readonly orders: Watched<OrdersStore>;
  /** The parts that operators work with. */
  readonly steering: SteeringDeps;
  readonly items: Watched<PermitItems>;
  readonly events: Watched<EventStore>;
  /** Controls that the valves were told. */
  readonly wishes: { readonly phase: string; readonly limit: number; readonly heldUntilMs: number }[];
}

/** Parts that a test may bring itself. */
export interface BreakerHarnessParts {
  readonly shardCount?: number;
  readonly items?: PermitItems;
  /** Lies between each process and its stores. */
  readonly between?: <Port extends object>(port: Port) => Port;
}

/** Makes a harness without any process. */
export function createBreakerHarness(parts: BreakerHarnessParts = {}): BreakerHarness {
  const { shardCount = 1, items = createMemoryPermitItems(), between = (port) => port } = parts;
  const store = createMemoryBreakerStore();
  const orders = createMemoryOrdersStore();
  const clock = createFakeClock();
  const events = createMemoryEventStore();
  let ids = 0;

  function start(options: BreakerProcessOptions = {}): BreakerProcess {
    const { law = tinyLaw, metrics = silentMetrics, log = silentLog } = options;
    const { maxConcurrency = 3, quotas, createBreaker } = options;
    const wishes: BreakerProcess["wishes"] = [];
    const watched = {
      store: watchCalls(between(store)),
      orders: watchCalls(between(orders)),
      items: watchCalls(between(items)),
      events: watchCalls(between(events)),
    };
    const reconciler: Reconciler = {
      async reconcile({ phase, limit }, { heldUntilMs }) {
        wishes.push({ phase, limit, heldUntilMs });
      },
      seen: () => undefined,
    };
    const valve = createScriptedValve(clock, { isEnabled: true, batchSize: 1, maximumConcurrency: 2 });
    const ports = {
      provider: demoProvider({ maxConcurrency, ...(quotas && { quotas }) }),
      law,
      store: watched.store.port,
      orders: watched.orders.port,
      items: watched.items.port,
      events: watched.events.port,
      valves: byLane(() => valve),
      clock,
      ids: { next: () => `id-${ids++}` },
      random: { next: () => 0.5 },
      log,
      metrics,
    };
    const bounds = { maxConcurrency, shardCount: options.shardCount ?? shardCount };
    const { breaker, permits, shardMover } = assembleBreaker(ports, {
      bounds,
      reconciler,
      ...(createBreaker && { createBreaker }),
    });
    const steering = { ...ports, bounds, breaker };
    return { breaker, permits, shardMover, ...watched, wishes, steering };
  }

  return {
    clock,
    items,
    store,
    orders,
    events,
    start,
    async report(evidence, { shard: index = 0, epoch = 0 } = {}) {
      const report = { epoch, evidence, atMs: clock.nowMs() };
      return { shardIndex: index, report, shard: await items.report(index, report) };
    },
    state: async () => tinyStateIn(await store.read()),
    shards: () => Promise.all(Array.from({ length: shardCount }, (_, index) => items.read(index))),
    decisions: () => Array.fromAsync(events.list(0)),
  };
}
