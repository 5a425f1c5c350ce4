import type { BreakerStore, StoredBreaker, StoredValve } from "../ports/breaker-store.ts";
import type { Lane } from "../provider/lane.ts";

/** A committed value, as text, so that it does not change when its writer changes the object later. */
interface Row {
  readonly version: number;
  readonly json: string;
}

/** {@link BreakerStore} in memory, for tests and simulation. */
export function createMemoryBreakerStore(): BreakerStore {
  const valves = new Map<Lane, Row>();
  let breaker: Row | undefined;

  return {
    async read(): Promise<StoredBreaker | undefined> {
      return breaker && { version: breaker.version, memory: JSON.parse(breaker.json) };
    },
    async commit(memory, ifVersion) {
      if (versionOf(breaker) !== ifVersion) return "conflict";
      breaker = nextRow(memory, ifVersion);
      return "committed";
    },
    async readValve(lane): Promise<StoredValve | undefined> {
      const row = valves.get(lane);
      return row && { version: row.version, notes: JSON.parse(row.json) };
    },
    async commitValve(lane, notes, ifVersion) {
      if (versionOf(valves.get(lane)) !== ifVersion) return "conflict";
      valves.set(lane, nextRow(notes, ifVersion));
      return "committed";
    },
  };
}

function versionOf(row: Row | undefined): number {
  return row?.version ?? 0;
}

function nextRow(value: unknown, ifVersion: number): Row {
  return { version: ifVersion + 1, json: JSON.stringify(value) };
}
