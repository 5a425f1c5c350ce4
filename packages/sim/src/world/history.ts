import type { Decision, Governed } from "@sluice/core/breaker/law";
import type { BreakerEvent, EventStore } from "@sluice/core/ports/event-store";

/** What was stored as events in a run, and what it came to. */
export interface History {
  /** The same store, watched. */
  watch(store: EventStore): EventStore;
  /** What the last decision left. */
  governed(): Governed;
  readonly events: readonly WorldEvent[];
}

/** Something that was stored as an event; its instant counts from the start of the run. */
export interface WorldEvent {
  readonly atMs: number;
  readonly kind: BreakerEvent["kind"];
  readonly summary: string;
  readonly decision?: Decision;
}

/** Starts with what a law begins with. */
export function createHistory(
  initial: Governed,
  elapsedMs: () => number,
  onEvent: (what: string) => void,
): History {
  const events: WorldEvent[] = [];
  let governed = initial;

  function note({ kind, summary, details }: BreakerEvent): void {
    onEvent(`${kind} ${summary}`);
    const event = { atMs: elapsedMs(), kind, summary };
    if (kind !== "decision") {
      events.push(event);
      return;
    }
    const decision = details as Decision;
    governed = decision.after;
    events.push({ ...event, decision });
  }

  return {
    watch: (store) => ({
      ...store,
      async append(event) {
        note(event);
        await store.append(event);
      },
    }),
    governed: () => governed,
    events,
  };
}
