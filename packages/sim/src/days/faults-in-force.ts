import type { Clock } from "@sluice/core/ports";
import type { Fault, Story } from "./story.ts";

/** A kind of fault with what it takes. */
export type FaultOf<Kind extends Fault["kind"]> = Extract<Fault, { readonly kind: Kind }>;

/** The faults of a story that are in force now, and a count of those that have struck. */
export interface FaultsInForce {
  /** Those of a kind whose time it is, in the order of the story. */
  of<Kind extends Fault["kind"]>(kind: Kind): readonly FaultOf<Kind>[];
  /** Counts a call, batch or environment that a fault has struck. */
  struck(kind: Fault["kind"]): void;
  counts(): Readonly<Partial<Record<Fault["kind"], number>>>;
}

const NONE: readonly never[] = [];

/** Watches the faults of a story; minutes count from `startMs`. */
export function createFaultsInForce(
  { faults }: Pick<Story, "faults">,
  clock: Pick<Clock, "nowMs">,
  startMs: number,
): FaultsInForce {
  const byKind = Map.groupBy(faults, ({ kind }) => kind);
  const counts: Partial<Record<Fault["kind"], number>> = {};

  function of<Kind extends Fault["kind"]>(kind: Kind): readonly FaultOf<Kind>[] {
    const known = byKind.get(kind);
    if (known === undefined) return NONE;
    const minute = (clock.nowMs() - startMs) / 60_000;
    return known.filter(
      ({ fromMinute, untilMinute }) => fromMinute <= minute && minute < untilMinute,
    ) as FaultOf<Kind>[];
  }

  return {
    of,
    struck(kind) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    },
    counts: () => ({ ...counts }),
  };
}
