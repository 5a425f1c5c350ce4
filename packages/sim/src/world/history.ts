import type { Control, Decision } from "@sluice/core/law";
import type { BreakerEvent, EventStore } from "@sluice/core/ports";

/** What was stored as events in a run, and what it came to. */
export interface History {
  /** The same store, watched. */
  watch(store: EventStore): EventStore;
  /** What the last decision left. */
  control(): Control;
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
  initial: Control,
  elapsedMs: () => number,
  onEvent: (what: string) => void,
): History {
  const events: WorldEvent[] = [];
  let control = initial;

  function note({ kind, summary, details }: BreakerEvent): void {
    onEvent(`${kind} ${summary}`);
    const event = { atMs: elapsedMs(), kind, summary };
    if (kind !== "decision") {
      events.push(event);
      return;
    }
    const decision = details as Decision;
    control = decision.after;
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
    control: () => control,
    events,
  };
}
