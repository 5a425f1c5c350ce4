import { assembleBreaker } from "@sluice/core/breaker";
import { productionLaw } from "@sluice/core/law";
import type {
  Announcement,
  EventStore,
  Fetch,
  Ids,
  Invocation,
  PermitItems,
  QuotaStore,
  ReceivedMessage,
  RunStore,
} from "@sluice/core/ports";
import { byLane, type Provider } from "@sluice/core/provider";
import { MESSAGE_VERSION, messageBody } from "@sluice/core/records";
import { createLedger } from "@sluice/core/runs";
import { quotasPartOf } from "@sluice/core/steering/quotas";
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
import { idleReconciler } from "@sluice/core/valve";
import { type VentilatorDeps, ventilate } from "@sluice/core/ventilator";
import type { WorkerOutcome, WorkerRequest } from "@sluice/core/worker";
import { demoProvider } from "./demo-provider.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createMemoryQueue, type MemoryQueue } from "./memory-queue.ts";
import { createScriptedValve } from "./scripted-valve.ts";
import { silentLog } from "./silent-log.ts";
import { silentMetrics } from "./silent-metrics.ts";

/** A ventilator on in-memory parts, with a test in the role of the worker. */
export interface VentilatorHarness {
  readonly deps: VentilatorDeps;
  readonly clock: FakeClock;
  readonly queue: MemoryQueue;
  readonly deadLetters: MemoryQueue;
  readonly permitItems: PermitItems;
  readonly quotaStore: QuotaStore;
  readonly runs: RunStore;
  /** What others were told. */
  readonly announcements: readonly Announcement[];
  readonly events: EventStore;
  /** Every start of the worker. */
  readonly starts: readonly WorkerRequest[];
  /** Runs one batch and returns the ids that it handed back. */
  run(
    messages: readonly ReceivedMessage[],
    options?: { timeoutMs?: number; fanOut?: number; isUrgent?: boolean },
  ): Promise<string[]>;
  rowOf(recordId: string): Promise<Fetch | undefined>;
  /** Reports a success of another batch's just now: a rejection is the record's own then. */
  otherFetched(): Promise<void>;
}

const SHUT = { isEnabled: false, batchSize: 1, maximumConcurrency: 2 };

/** Makes a ventilator of the demo provider, or with a test's own parts; `worker` plays the worker. */
export function createVentilatorHarness(
  worker: (request: WorkerRequest, harness: VentilatorHarness) => Invocation | Promise<Invocation>,
  changes: Partial<VentilatorDeps> & {
    provider?: Provider;
    items?: PermitItems;
    quotaStore?: QuotaStore;
    runs?: RunStore;
  } = {},
): VentilatorHarness {
  const provider = changes.provider ?? demoProvider();
  const clock = createFakeClock();
  const random = { next: () => 0.5 };
  const permitItems = changes.items ?? createMemoryPermitItems();
  const quotaStore = changes.quotaStore ?? createMemoryQuotaStore();
  const deadLetters = createMemoryQueue();
  const queue = createMemoryQueue();
  const starts: WorkerRequest[] = [];
  const runs = changes.runs ?? createMemoryRunStore();
  const announcements: Announcement[] = [];
  const ports = {
    provider,
    law: productionLaw,
    items: permitItems,
    store: createMemoryBreakerStore(),
    orders: createMemoryOrdersStore(),
    events: createMemoryEventStore(),
    valves: byLane(() => createScriptedValve(clock, SHUT)),
    clock,
    ids: countingIds("decision"),
    random,
    log: silentLog,
    metrics: silentMetrics,
  };
  const bounds = { maxConcurrency: provider.maxConcurrency, shardCount: 1 };
  const deps: VentilatorDeps = {
    ...ports,
    ...assembleBreaker(ports, { bounds, reconciler: idleReconciler }),
    ...quotasPartOf(ports, () => quotaStore),
    deadLetters,
    ids: countingIds("id"),
    fetches: createMemoryFetchStore(),
    ledger: createLedger({
      ...ports,
      provider: provider.id,
      runs,
      history: createMemoryHistoryStore(),
      announcer: { announce: async (news) => void announcements.push(...news) },
    }),
    worker: {
      async invoke(request) {
        starts.push(request);
        return worker(request, harness);
      },
    },
    ...changes,
  };
  const harness: VentilatorHarness = {
    deps,
    clock,
    queue,
    deadLetters,
    permitItems,
    quotaStore,
    runs,
    announcements,
    events: ports.events,
    starts,
    async run(messages, { timeoutMs = provider.ventilator.timeoutMs, fanOut = 1, isUrgent = false } = {}) {
      const batch = { messages, queue, deadlineAtMs: clock.nowMs() + timeoutMs, fanOut, isUrgent };
      return [...(await ventilate(batch, deps))];
    },
    async otherFetched() {
      await permitItems.report(0, { epoch: 0, evidence: { okCount: 1 }, atMs: clock.nowMs() });
    },
    rowOf: (recordId) => deps.fetches.get({ provider: "demo", day: "2026-11-18", recordId }),
  };
  return harness;
}

/** A worker's reply to a request, with this outcome. */
export function reply(request: WorkerRequest, outcome: WorkerOutcome): Invocation {
  return { kind: "answered", payload: { version: 1, attemptId: request.attemptId, outcome } };
}

/** A message as the scheduler sends it, received for the first time, with a test's changes. */
export function messageFor(recordId: string, changes: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    messageId: `message-${recordId}`,
    receiptHandle: `receipt-${recordId}`,
    body: messageBody({
      version: MESSAGE_VERSION,
      provider: "demo",
      runId: "run",
      correlationId: "correlation",
      recordId,
    }),
    receiveCount: 1,
    isRedriven: false,
    ...changes,
  };
}

function countingIds(stem: string): Ids {
  let count = 0;
  return { next: () => `${stem}-${count++}` };
}
