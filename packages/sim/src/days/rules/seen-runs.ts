import type { RecordEnd } from "@sluice/core/records";
import type { DatedEvent, RunSeen } from "../day-event.ts";

/** A run as it is seen from outside. */
export interface SeenRun {
  row?: RunSeen;
  /** Ends that were noted, by number. */
  readonly ends: Map<number, Set<RecordEnd>>;
  lastNotedAtMs: number;
  /** Ends of its only record that were announced before they were noted. */
  readonly toldEnds: Set<RecordEnd>;
  /** Ids of the announcements of its completion. */
  readonly announcedIds: Set<unknown>;
  /** Its records by number, once its caller was told that they were accepted. */
  recordIds: readonly string[];
}

/** All that rule 11 has to know of a day so far. */
export interface SeenRuns {
  readonly all: Map<string, SeenRun>;
  of(name: string): SeenRun;
  /** The run that an attempt is for. */
  readonly ofAttempt: Map<string, string>;
  readonly served: Set<string>;
  readonly lettered: Set<string>;
  /** Records that an operator wants all the same. */
  readonly redriven: Set<string>;
  /** Takes note of an event. */
  note(event: DatedEvent): void;
}

/** Nothing that was seen yet. */
export function createSeenRuns(): SeenRuns {
  const all = new Map<string, SeenRun>();

  function of(name: string): SeenRun {
    const known = all.get(name);
    if (known !== undefined) return known;
    const run: SeenRun = {
      ends: new Map(),
      lastNotedAtMs: 0,
      toldEnds: new Set(),
      announcedIds: new Set(),
      recordIds: [],
    };
    all.set(name, run);
    return run;
  }

  const seen: SeenRuns = {
    all,
    of,
    ofAttempt: new Map(),
    served: new Set(),
    lettered: new Set(),
    redriven: new Set(),
    note: (event) => note(event, seen),
  };
  return seen;
}

function note(event: DatedEvent, seen: SeenRuns): void {
  switch (event.kind) {
    case "accepted":
      seen.of(event.run).recordIds = event.recordIds;
      return;
    case "claimed":
      seen.ofAttempt.set(event.attemptId, event.run);
      return;
    case "ended":
      if (event.status === 200) seen.served.add(event.recordId);
      return;
    case "letter":
      seen.lettered.add(event.recordId);
      return;
    case "redriven":
      seen.redriven.add(event.recordId);
      return;
    case "noted": {
      const run = seen.of(event.run);
      run.lastNotedAtMs = event.atMs;
      run.ends.set(event.number, (run.ends.get(event.number) ?? new Set()).add(event.end));
      return;
    }
  }
}
