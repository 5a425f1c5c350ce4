import { assembleBreaker, type Breaker } from "@sluice/core/breaker";
import { createHistorian } from "@sluice/core/history";
import type { Evidence, Law } from "@sluice/core/law";
import { firstSplit, leasesAt, makeLeases } from "@sluice/core/permits";
import type {
  Clock,
  Fetch,
  FetchStore,
  GaugeSample,
  HistoryStore,
  Invocation,
  OrdersStore,
  PermitItems,
} from "@sluice/core/ports";
import { byLane, type Provider, type ProviderInput } from "@sluice/core/provider";
import { MESSAGE_VERSION, messageBody } from "@sluice/core/records";
import { createLedger } from "@sluice/core/runs";
import {
  createMemoryBreakerStore,
  createMemoryEventStore,
  createMemoryFetchStore,
  createMemoryHistoryStore,
  createMemoryOrdersStore,
  createMemoryPermitItems,
  createMemoryRunStore,
} from "@sluice/core/storage/memory";
import type { Reconciler } from "@sluice/core/valve";
import { type WakerDeps, wake, wakerTimeoutMsOf } from "@sluice/core/waker";
import type { WorkerOutcome, WorkerRequest } from "@sluice/core/worker";
import { createVirtualClock, type VirtualClock } from "@sluice/sim/virtual-time";
import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { createScriptedValve, type ScriptedValve } from "@sluice/testing/scripted-valve";
import { silentLog } from "@sluice/testing/silent-log";
import { silentMetrics } from "@sluice/testing/silent-metrics";
import { type TinyState, TRIP_FAULT_COUNT, tinyLaw, tinyStateIn } from "@sluice/testing/tiny-law";
import { type Mishap, watchCalls } from "@sluice/testing/watch-calls";

/** What wakers of one provider share, on virtual time. */
export interface WakerHarness {
  readonly clock: VirtualClock;
  readonly provider: Provider;
  readonly items: PermitItems;
  readonly orders: OrdersStore;
  readonly history: HistoryStore;
  readonly queues: { readonly records: MemoryQueue; readonly express: MemoryQueue };
  readonly valves: { readonly records: ScriptedValve; readonly express: ScriptedValve };
  /** Every start of the worker, and when. */
  readonly starts: readonly { readonly recordId: string; readonly atMs: number }[];
  /** Most permits that were out at once whose leases had not run out. */
  mostOut(): number;
  start(options?: { skewMs?: number }): Process;
  /** Runs what is under way for a while. */
  pass(durationMs: number): Promise<void>;
  /** Trips the breaker now, and shuts the valve. */
  trip(): Promise<void>;
  enqueue(recordId: string, queue?: MemoryQueue): Promise<void>;
  state(): Promise<TinyState>;
  /** The instant of the next probe; throws unless the breaker is open. */
  probeAtMs(): Promise<number>;
  /** The end of the lease of the probe under way; 0 if there is none. */
  probeUntilMs(): Promise<number>;
  rowOf(recordId: string): Promise<Fetch | undefined>;
  /** Takes permits as a batch does that lasts until the lease is over. */
  lend(count: number, forMs: number): Promise<void>;
}

/** A port that is watched, whichever it is. */
interface WatchedPart {
  readonly calls: readonly string[];
  spoil(rule: (method: string) => Mishap | undefined): void;
}

/** One waker. */
export interface Process {
  readonly watched: Readonly<Record<Part, WatchedPart>>;
  readonly gauges: readonly GaugeSample[];
  readonly breaker: Breaker;
  readonly reconciler: Reconciler;
  /** Starts a round that may last as long as its Lambda, or as given; resolves when it is over. */
  wake(timeoutMs?: number): Promise<void>;
  /** A round, and the time that it takes. */
  round(): Promise<void>;
}

/** What a waker reaches over the network. */
export const PARTS = [
  "store",
  "orders",
  "items",
  "events",
  "fetches",
  "records",
  "express",
  "recordsValve",
  "history",
] as const;
export type Part = (typeof PARTS)[number];

/** What the provider makes of a call. */
export type Answer = (
  request: WorkerRequest,
) => WorkerOutcome | Invocation | Promise<WorkerOutcome | Invocation>;

export const OK: WorkerOutcome = { kind: "ok", latencyMs: 12 };
export const FAULT: WorkerOutcome = { kind: "fault", latencyMs: 5, cause: "HTTP 500" };

/** The tiny law with a valve that stays open until the breaker closes. */
export const valveKeepingLaw: Law<TinyState> = {
  ...tinyLaw,
  decide(...given) {
    const step = tinyLaw.decide(...given);
    const { state } = step;
    return state.phase === "closed" ? step : { ...step, state: { ...state, isValveKept: true } };
  },
};

export function createWakerHarness(
  answer: Answer = () => OK,
  maxConcurrency = 3,
  law: Law<TinyState> = tinyLaw,
  changes: Partial<ProviderInput> = {},
): WakerHarness {
  const provider = demoProvider({ maxConcurrency, ...changes });
  const clock = createVirtualClock(NOON_MS);
  const bounds = { maxConcurrency, shardCount: 1 };
  const store = createMemoryBreakerStore();
  const orders = createMemoryOrdersStore();
  const events = createMemoryEventStore();
  const fetches = createMemoryFetchStore();
  const runs = createMemoryRunStore();
  const history = createMemoryHistoryStore();
  const queues = { records: createMemoryQueue(), express: createMemoryQueue() };
  const valve = { isEnabled: true, batchSize: 10, maximumConcurrency: 3 };
  const valves = {
    records: createScriptedValve(clock, valve, 1_000),
    express: createScriptedValve(clock, { ...valve, maximumConcurrency: 2 }, 1_000),
  };
  const starts: { recordId: string; atMs: number }[] = [];
  const { items, mostOut } = countPermits(createMemoryPermitItems(), clock);
  let ids = 0;

  async function invoke(request: WorkerRequest): Promise<Invocation> {
    starts.push({ recordId: request.recordId, atMs: clock.nowMs() });
    const answered = await answer(request);
    if (!("latencyMs" in answered)) return answered;
    const { attemptId } = request;
    return { kind: "answered", payload: { version: 1, attemptId, outcome: answered } };
  }

  function start({ skewMs = 0 } = {}): Process {
    const own: Clock = { nowMs: () => clock.nowMs() + skewMs, sleep: clock.sleep };
    const gauges: GaugeSample[] = [];
    const watched = {
      store: watchCalls(store),
      orders: watchCalls(orders),
      items: watchCalls(items),
      events: watchCalls(events),
      fetches: watchCalls(fetches),
      records: watchCalls(portOf(queues.records)),
      express: watchCalls(portOf(queues.express)),
      history: watchCalls(history),
      recordsValve: watchCalls({ read: valves.records.read, update: valves.records.update }),
    };
    const ports = {
      provider,
      law,
      clock: own,
      ids: { next: () => `id-${ids++}` },
      random: { next: () => 0.5 },
      log: silentLog,
      metrics: { ...silentMetrics, gauges: (sample: GaugeSample) => void gauges.push(sample) },
      store: watched.store.port,
      orders: watched.orders.port,
      items: watched.items.port,
      events: watched.events.port,
      valves: { ...byLane(() => valves.express), records: watched.recordsValve.port },
    };
    const deps: WakerDeps = {
      ...ports,
      ...assembleBreaker(ports, { bounds }),
      ledger: createLedger({
        ...ports,
        provider: provider.id,
        runs,
        history,
        announcer: { announce: async () => {} },
      }),
      historian: createHistorian({ ...ports, history: watched.history.port }),
      fetches: watched.fetches.port as FetchStore,
      worker: { invoke },
      deadLetters: createMemoryQueue(),
      queues: { ...byLane(() => watched.express.port), records: watched.records.port },
    };
    const wakeOnce = (timeoutMs = wakerTimeoutMsOf(provider)) => wake(deps, own.nowMs() + timeoutMs);
    return {
      watched,
      gauges,
      breaker: deps.breaker,
      reconciler: deps.reconciler,
      wake: wakeOnce,
      async round() {
        let isOver = false;
        void wakeOnce().finally(() => {
          isOver = true;
          clock.stop();
        });
        await clock.run(clock.nowMs() + wakerTimeoutMsOf(provider));
        if (!isOver) throw new Error("the round outlasted its Lambda");
      },
    };
  }

  async function pass(durationMs: number): Promise<void> {
    const untilMs = clock.nowMs() + durationMs;
    clock.at(untilMs, () => {});
    await clock.run(untilMs);
  }

  async function state(): Promise<TinyState> {
    const found = tinyStateIn(await store.read());
    if (found === undefined) throw new Error("no state was committed");
    return found;
  }

  return {
    clock,
    provider,
    items,
    orders,
    history,
    queues,
    valves,
    starts,
    mostOut,
    start,
    pass,
    async trip() {
      const { epoch } = await items.read(0);
      const evidence: Partial<Evidence> = { faultCount: TRIP_FAULT_COUNT };
      await items.report(0, { epoch, evidence, atMs: clock.nowMs() });
      await start().breaker.look();
      await pass(2_000);
    },
    async enqueue(recordId, queue = queues.records) {
      const body = messageBody({
        version: MESSAGE_VERSION,
        provider: provider.id,
        runId: "run",
        correlationId: "correlation",
        recordId,
      });
      await queue.send([{ groupId: recordId, deduplicationId: recordId, body }]);
    },
    state,
    async probeAtMs() {
      const found = await state();
      if (found.phase !== "open") throw new Error(`the breaker is ${found.phase}`);
      return found.probeAtMs;
    },
    probeUntilMs: async () => (await items.read(0)).probeUntilMs,
    rowOf: (recordId) => fetches.get({ provider: provider.id, day: "2026-11-18", recordId }),
    async lend(count, forMs) {
      const nowMs = clock.nowMs();
      const leases = makeLeases("straggler", count, nowMs, nowMs + forMs);
      const limit = Math.min(maxConcurrency, (await items.read(0)).limit);
      const conditions = { ifPhase: "closed", ifLimit: limit, ifSplit: 1, nowMs } as const;
      await items.setSplit(0, firstSplit(1, nowMs));
      await items.take({ shardIndex: 0, leases, ...conditions, ifAtMostOut: maxConcurrency - count });
    },
  };
}

/** A queue's own calls, without what is there for tests. */
function portOf({ send, changeVisibility, receiveOne, delete: remove, depth }: MemoryQueue) {
  return { send, changeVisibility, receiveOne, delete: remove, depth };
}

/** Permit items that know how many permits were out at most, in true time. */
function countPermits(inner: PermitItems, clock: Clock): { items: PermitItems; mostOut(): number } {
  let most = 0;
  const items: PermitItems = {
    ...inner,
    async take(request) {
      const answer = await inner.take(request);
      most = Math.max(most, leasesAt(answer.shard.leases, clock.nowMs()).live.length);
      return answer;
    },
  };
  return { items, mostOut: () => most };
}
