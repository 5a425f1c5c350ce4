import { demoProvider } from "@sluice/testing/demo-provider";
import { createFakeClock, type FakeClock } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import { silentMetrics } from "@sluice/testing/silent-metrics";
import { parseTinyState, type TinyState, tinyLaw } from "@sluice/testing/tiny-law";
import { type Watched, watchCalls } from "@sluice/testing/watch-calls";
import type { Evidence } from "../../law/evidence.ts";
import type { Law } from "../../law/law.ts";
import type { BreakerStore } from "../../ports/breaker-store.ts";
import type { BreakerEvent, EventStore } from "../../ports/event-store.ts";
import type { Metrics } from "../../ports/metrics.ts";
import type { PermitItems, PermitShard } from "../../ports/permit-items.ts";
import { createMemoryBreakerStore } from "../../storage/memory-breaker-store.ts";
import { createMemoryEventStore } from "../../storage/memory-event-store.ts";
import { createMemoryPermitItems } from "../../storage/memory-permit-items.ts";
import type { ReconcileOptions } from "../../valve/reconciler.ts";
import { type Breaker, createBreaker, type ShardReport } from "../breaker.ts";

/** What all processes of a provider share. */
export interface BreakerHarness {
  readonly clock: FakeClock;
  readonly items: PermitItems;
  readonly store: BreakerStore;
  readonly events: EventStore;
  start(options?: { law?: Law<TinyState>; metrics?: Metrics; maxConcurrency?: number }): Process;
  /** Adds evidence to a shard, as a ventilator does that started in `epoch`; answers with the news of it. */
  report(evidence: Partial<Evidence>, options?: { shard?: number; epoch?: number }): Promise<ShardReport>;
  /** What was committed last; undefined if nothing was. */
  state(): Promise<TinyState | undefined>;
  shards(): Promise<PermitShard[]>;
  decisions(): Promise<BreakerEvent[]>;
}

/** One process: its own breaker, and its own way to the stores. */
export interface Process {
  readonly breaker: Breaker;
  readonly store: Watched<BreakerStore>;
  readonly items: Watched<PermitItems>;
  readonly events: Watched<EventStore>;
  /** What the valves were told. */
  readonly wishes: { readonly phase: string; readonly limit: number; readonly heldUntilMs: number }[];
}

/** Parts that a test may bring itself. */
export interface BreakerHarnessParts {
  readonly shardCount?: number;
  readonly items?: PermitItems;
  /** What lies between each process and its stores. */
  readonly between?: <Port extends object>(port: Port) => Port;
}

export function createBreakerHarness(parts: BreakerHarnessParts = {}): BreakerHarness {
  const { shardCount = 1, items = createMemoryPermitItems(), between = (port) => port } = parts;
  const store = createMemoryBreakerStore();
  const clock = createFakeClock();
  const events = createMemoryEventStore();
  let ids = 0;

  function start({ law = tinyLaw, metrics = silentMetrics, maxConcurrency = 3 } = {}): Process {
    const wishes: Process["wishes"] = [];
    const watched = {
      store: watchCalls(between(store)),
      items: watchCalls(between(items)),
      events: watchCalls(between(events)),
    };
    const reconcile = async (
      { phase, limit }: { phase: string; limit: number },
      { heldUntilMs }: ReconcileOptions,
    ) => {
      wishes.push({ phase, limit, heldUntilMs });
    };
    const breaker = createBreaker({
      provider: demoProvider({ maxConcurrency }),
      law,
      bounds: { maxConcurrency, shardCount },
      store: watched.store.port,
      items: watched.items.port,
      events: watched.events.port,
      reconciler: { reconcile },
      clock,
      ids: { next: () => `id-${ids++}` },
      log: silentLog,
      metrics,
    });
    return { breaker, ...watched, wishes };
  }

  return {
    clock,
    items,
    store,
    events,
    start,
    async report(evidence, { shard = 0, epoch = 0 } = {}) {
      const report = { epoch, evidence, atMs: clock.nowMs() };
      return { shard, report, reading: await items.report(shard, report) };
    },
    async state() {
      const stored = await store.read();
      return stored && parseTinyState((stored.state as { law: unknown }).law);
    },
    shards: () => Promise.all(Array.from({ length: shardCount }, (_, shard) => items.read(shard))),
    decisions: () => Array.fromAsync(events.list(0)),
  };
}
