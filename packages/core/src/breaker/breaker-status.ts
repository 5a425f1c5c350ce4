import type { ControlState } from "../law/control.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import { inFlightCountOf } from "./shards.ts";

/** The state of a provider. */
export interface BreakerStatus {
  readonly control: ControlState;
  /** Permits that are out. */
  readonly inFlightCount: number;
  /** The end of the hold on the gate; 0 if there never was one. */
  readonly heldUntilMs: number;
}

/** The status that shards and control add up to. */
export function statusOf(
  control: ControlState,
  shards: readonly PermitShard[],
  nowMs: number,
): BreakerStatus {
  return {
    control,
    inFlightCount: inFlightCountOf(shards, nowMs),
    heldUntilMs: Math.max(0, ...shards.map(({ heldUntilMs }) => heldUntilMs)),
  };
}
