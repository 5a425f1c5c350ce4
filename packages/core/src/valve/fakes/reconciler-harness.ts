import { demoProvider } from "@sluice/testing/demo-provider";
import { createFakeClock, type FakeClock } from "@sluice/testing/fake-clock";
import { createScriptedValve, type ScriptedValve } from "@sluice/testing/scripted-valve";
import { silentLog } from "@sluice/testing/silent-log";
import { type Watched, watchCalls } from "@sluice/testing/watch-calls";
import type { ClosedControl, ControlState } from "../../law/control.ts";
import type { BreakerStore } from "../../ports/breaker-store.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { ValveSettings } from "../../ports/valve.ts";
import { byLane } from "../../provider/lane.ts";
import { createMemoryBreakerStore } from "../../storage/memory-breaker-store.ts";
import { createMemoryEventStore } from "../../storage/memory-event-store.ts";
import { createReconciler, type Reconciler } from "../reconciler.ts";

/** Reconcilers on the same mappings; a limit L is wanted as L × batches of 10, or as small ones of 1. */
export interface ReconcilerHarness {
  readonly clock: FakeClock;
  readonly records: ScriptedValve;
  readonly express: ScriptedValve;
  readonly store: BreakerStore;
  readonly events: EventStore;
  start(): { reconciler: Reconciler; store: Watched<BreakerStore>; events: Watched<EventStore> };
}

/** Settings of the bulk's mapping at the start: open for 20. */
export const OPEN: ValveSettings = { isEnabled: true, batchSize: 10, maximumConcurrency: 20 };

/** Reconcilers on in-memory stores, and mappings that take `updateMs` for an update. */
export function createReconcilerHarness(updateMs?: number): ReconcilerHarness {
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
      valves: { ...byLane(() => express), records },
      store: watched.store.port,
      events: watched.events.port,
      clock,
      ids: { next: () => `id-${ids++}` },
      log: silentLog,
      shape: (_, control) => {
        const wantsSmallBatches = control.phase === "closed" && control.wantsSmallBatches === true;
        const settings = { isEnabled: control.phase === "closed", batchSize: wantsSmallBatches ? 1 : 10 };
        return {
          settings: byLane((lane) => ({
            ...settings,
            maximumConcurrency: lane === "records" ? control.limit : 2,
          })),
          fanOut: 1,
        };
      },
    });
    return { reconciler, ...watched };
  }

  return { clock, records, express, store, events, start };
}

/** Control that is closed at a limit. */
export function closedAt(limit: number, changes: Partial<ClosedControl> = {}): ClosedControl {
  return { phase: "closed", limit, target: limit, epoch: 1, ...changes };
}

/** Control that is open. */
export function opened(epoch = 2): ControlState {
  return { phase: "open", limit: 20, target: 20, epoch, probeAtMs: 0, isValveKept: false };
}
