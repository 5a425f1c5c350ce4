import type { Phase } from "@sluice/core/law";
import type { Trace } from "./trace.ts";

/** The instant at which a phase began. */
export interface PhaseTurn {
  readonly atMs: number;
  readonly phase: Phase;
}

/** The phases of a run in their order: by the samples, and by the decisions that fell between two of them. */
export function phaseTurnsOf({ samples, events }: Pick<Trace, "samples" | "events">): readonly PhaseTurn[] {
  const decided = events.flatMap(({ atMs, decision }) =>
    decision === undefined || decision.before.phase === decision.after.phase
      ? []
      : [{ atMs, phase: decision.after.phase }],
  );
  const known = [...samples.map(({ atMs, phase }) => ({ atMs, phase })), ...decided].toSorted(
    (one, other) => one.atMs - other.atMs,
  );
  return known.filter(({ phase }, at) => phase !== known[at - 1]?.phase);
}
