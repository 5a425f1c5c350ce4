import type { Governed } from "@sluice/core/breaker/law";
import { createMemoryBreakerStore } from "@sluice/core/breaker/memory-breaker-store";
import { createMemoryEventStore } from "@sluice/core/breaker/memory-event-store";
import type { BreakerStore } from "@sluice/core/ports/breaker-store";
import type { EventStore } from "@sluice/core/ports/event-store";
import type { ValveSettings } from "@sluice/core/ports/valve";
import { createReconciler, type Reconciler } from "@sluice/core/valve/reconciler";
import { demoProvider } from "../support/demo-provider.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";
import { createScriptedValve, type ScriptedValve } from "../support/scripted-valve.ts";
import { silentLog } from "../support/silent-log.ts";
import { type Watched, watchCalls } from "../support/watch-calls.ts";

/** Reconcilers on one mapping; a limit L is wanted as L × batches of 10, or as `batchSize` says. */
export interface Rig {
  readonly clock: FakeClock;
  readonly records: ScriptedValve;
  readonly express: ScriptedValve;
  readonly store: BreakerStore;
  readonly events: EventStore;
  start(): { reconciler: Reconciler; store: Watched<BreakerStore>; events: Watched<EventStore> };
}

export const OPEN: ValveSettings = { isEnabled: true, batchSize: 10, maximumConcurrency: 20 };

export function createRig(updateMs?: number): Rig {
  const clock = createFakeClock();
  const store = createMemoryBreakerStore();
  const events = createMemoryEventStore();
  const records = createScriptedValve(clock, OPEN, updateMs);
  const express = createScriptedValve(clock, { ...OPEN, maximumConcurrency: 2 }, updateMs);
  let ids = 0;

  function start() {
    const watched = { store: watchCalls(store), events: watchCalls(events) };
    const reconciler = createReconciler({
      provider: demoProvider(),
      valves: { records, express },
      store: watched.store.port,
      events: watched.events.port,
      clock,
      ids: { next: () => `id-${ids++}` },
      log: silentLog,
      shape: (_, { phase, limit, isUnsure }) => {
        const settings = { isEnabled: phase === "closed", batchSize: isUnsure ? 1 : 10 };
        return {
          records: { ...settings, maximumConcurrency: limit },
          express: { ...settings, maximumConcurrency: 2 },
          fanOut: 1,
        };
      },
    });
    return { reconciler, ...watched };
  }

  return { clock, records, express, store, events, start };
}

/** What the breaker wants: closed at a limit. */
export function closedAt(limit: number, changes: Partial<Governed> = {}): Governed {
  return { phase: "closed", limit, epoch: 1, ...changes };
}

/** What the breaker wants: open. */
export function opened(epoch = 2): Governed {
  return { phase: "open", limit: 20, epoch };
}
