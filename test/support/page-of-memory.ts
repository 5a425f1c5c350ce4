import type { OperatorAccess } from "@sluice/aws/operator-access";
import { type ConsoleServer, serveConsole } from "@sluice/console/server";
import type { EventStore, OrdersStore } from "@sluice/core/ports";
import { type ByLane, byLane } from "@sluice/core/provider";
import { createMemorySchedulerStores } from "@sluice/core/storage/memory";
import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { createScriptedDeployment } from "@sluice/testing/scripted-deployment";

/** The page of a provider, `demo`, that is all in memory: no function runs, and a test fills what it shows. */
export interface PageOfMemory extends ConsoleServer {
  readonly access: OperatorAccess;
  readonly events: EventStore;
  readonly lanes: ByLane<MemoryQueue>;
  readonly deadLetters: MemoryQueue;
  /** Has the provider fail until its breaker trips. */
  trip(): Promise<void>;
}

/** Parts that lie between the page and the memory. */
export interface Between {
  readonly events?: (events: EventStore) => EventStore;
  readonly lane?: (lane: MemoryQueue) => MemoryQueue;
  readonly orders?: (orders: OrdersStore) => OrdersStore;
}

/** Serves the page. */
export async function servePageOfMemory(between: Between = {}): Promise<PageOfMemory> {
  const harness = createBreakerHarness();
  const { steering, breaker } = harness.start();
  const lanes = byLane(() => createMemoryQueue());
  const deadLetters = createMemoryQueue(harness.clock.nowMs);
  const events = between.events?.(harness.events) ?? harness.events;
  const access: OperatorAccess = {
    provider: steering.provider,
    steering: { ...steering, events, orders: between.orders?.(steering.orders) ?? steering.orders },
    ...createMemorySchedulerStores(),
    queues: async () => ({
      lanes: byLane((lane) => between.lane?.(lanes[lane]) ?? lanes[lane]),
      deadLetters,
    }),
    wake: async () => ({ kind: "answered", payload: null }),
    deployed: createScriptedDeployment(steering.provider, "memory", harness.clock),
  };
  const desk = { access, environment: "memory", isLocal: true, nameOperator: async () => "anna" };
  const server = await serveConsole({ desks: [desk] });
  return { ...server, access, events: harness.events, lanes, deadLetters, trip };

  async function trip(): Promise<void> {
    await harness.report({ faultCount: 3 });
    await breaker.look();
  }
}
