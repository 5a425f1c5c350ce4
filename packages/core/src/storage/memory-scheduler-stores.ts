import { createMemoryFetchStore } from "./memory-fetch-store.ts";
import { createMemoryHistoryStore } from "./memory-history-store.ts";
import { createMemoryRosters } from "./memory-rosters.ts";
import { createMemoryRunStore } from "./memory-run-store.ts";
import type { SchedulerStores } from "./scheduler-stores.ts";

/** The stores of a scheduler in memory, for tests and simulation. */
export function createMemorySchedulerStores(): SchedulerStores {
  return {
    runs: createMemoryRunStore(),
    rosters: createMemoryRosters(),
    fetches: createMemoryFetchStore(),
    history: createMemoryHistoryStore(),
  };
}
