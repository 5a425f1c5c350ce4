import type { BreakerEvent, EventStore } from "../ports/event-store.ts";

/** {@link EventStore} in memory, for tests and simulation. */
export function createMemoryEventStore(): EventStore {
  const events = new Map<string, BreakerEvent>();
  return {
    async append(event) {
      events.set(event.id, event);
    },
    async *list(sinceMs) {
      const listed = [...events.values()].filter(({ atMs }) => atMs >= sinceMs);
      yield* listed.sort(byTime);
    },
  };
}

function byTime(one: BreakerEvent, other: BreakerEvent): number {
  if (one.atMs !== other.atMs) return one.atMs - other.atMs;
  return one.id < other.id ? -1 : 1;
}
