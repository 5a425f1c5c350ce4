import type { BreakerEvent, EventStore } from "@sluice/core/ports";

/** Another process may store an event this much after the instant that it is sorted by. */
const NOTED_LATE_MS = 10_000;

/**
 * Follows a breaker's events from `startedAtMs` on, and a little before it.
 * @returns lists the events that no list before has had, oldest first; throws as `EventStore.list` does
 */
export function followEvents(store: EventStore, startedAtMs: number): () => AsyncIterable<BreakerEvent> {
  const seenIds = new Set<string>();
  return async function* newEvents() {
    const sinceMs = Math.max(startedAtMs - NOTED_LATE_MS, Date.now() - 2 * NOTED_LATE_MS);
    for await (const event of store.list(sinceMs)) {
      if (seenIds.has(event.id)) continue;
      seenIds.add(event.id);
      yield event;
    }
  };
}
