import type { FetchStore } from "../ports/fetch-store.ts";
import type { HistoryStore } from "../ports/history-store.ts";
import type { Rosters } from "../ports/rosters.ts";
import type { RunStore } from "../ports/run-store.ts";
import { createFetchStore } from "./fetch-store.ts";
import { createHistoryStore } from "./history-store.ts";
import { createRosters } from "./rosters.ts";
import { createRunStore } from "./run-store.ts";
import type { Table } from "./table.ts";

/** The stores that a scheduler works with. */
export interface SchedulerStores {
  readonly runs: RunStore;
  readonly rosters: Rosters;
  readonly fetches: FetchStore;
  readonly history: HistoryStore;
}

/** The stores of a provider's scheduler on DynamoDB. */
export function createSchedulerStores(table: Table, provider: string, nowMs: () => number): SchedulerStores {
  return {
    runs: createRunStore(table, provider),
    rosters: createRosters(table, provider),
    fetches: createFetchStore(table),
    history: createHistoryStore(table, provider, nowMs),
  };
}
