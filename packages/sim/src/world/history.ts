import type { Control, Decision } from "@sluice/core/law";
import type { BreakerEvent, EventStore } from "@sluice/core/ports";

/** The events that were stored in a run, and the control that they led to. */
export interface History {
  /** The same store, of which each new event is noted. */
  watch(store: EventStore): EventStore;
  /** The control that the last decision left. */
  control(): Control;
  readonly events: readonly WorldEvent[];
}

/** An event as it was stored; its instant counts from the start of the run. */
export interface WorldEvent {
  readonly atMs: number;
  readonly kind: BreakerEvent["kind"];
  readonly summary: string;
  readonly decision?: Decision;
}

/** Makes a history that starts with a law's initial control. */
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
