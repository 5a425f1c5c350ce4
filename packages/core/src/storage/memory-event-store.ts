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
    async latest({ count, sinceMs, before }) {
      const chosen = [...events.values()].filter(
        (event) => event.atMs >= sinceMs && (before === undefined || byTime(event, before) < 0),
      );
      return chosen.sort((one, other) => byTime(other, one)).slice(0, count);
    },
  };
}

type Place = Pick<BreakerEvent, "atMs" | "id">;

function byTime(one: Place, other: Place): number {
  if (one.atMs !== other.atMs) return one.atMs - other.atMs;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
