import type { Lease } from "../ports/permit-items.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { GateKeeper } from "./gate-keeper.ts";
import type { Place, Places } from "./place.ts";

/** The decision before each start of a batch: is there time, is the gate open, and has a turn come in the quotas? */
export interface Door {
  /** True if the holder of a lease may start a record now, as far as time and gate go. */
  mayStart(lease: Lease): Promise<boolean>;
  /** The place in the quotas of the next of so many records, when its turn has come; `none` if it may not start. */
  placeFor(lease: Lease, leftCount: number): Promise<Place | "none">;
  /** True if gate or quotas have kept a record out. */
  keptOut(): boolean;
  /** True if a lease may start nothing more, while others of the batch may: its permit is to be had by others. */
  isBeyond(lease: Lease): boolean;
}

/** Makes the door of a batch. */
export function createDoor(
  gateKeeper: GateKeeper,
  places: Places | undefined,
  { takeUpUntilMs }: Pick<BatchTimes, "takeUpUntilMs">,
  { clock }: Pick<VentilatorDeps, "clock">,
): Door {
  let keptOut = false;
  const beyond = new Set<Lease>();

  async function mayStart(lease: Lease): Promise<boolean> {
    if (clock.nowMs() >= takeUpUntilMs) return false;
    const gate = await gateKeeper.gateFor(lease);
    if (gate.kind === "open") return true;
    keptOut = true;
    if (gate.kind !== "shut") beyond.add(lease);
    return false;
  }

  async function placeFor(lease: Lease, leftCount: number): Promise<Place | "none"> {
    const turn = await places?.next(leftCount, () => mayStart(lease));
    if (turn?.kind === "place") {
      // The gate may have shut in the meantime.
      if (await mayStart(lease)) return turn.place;
      places?.putBack(turn.place);
    } else if (turn !== undefined) {
      keptOut = true;
    }
    return "none";
  }

  return { mayStart, placeFor, keptOut: () => keptOut, isBeyond: (lease) => beyond.has(lease) };
}
