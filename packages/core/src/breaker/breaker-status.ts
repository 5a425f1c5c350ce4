import type { ControlState } from "../law/control.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import type { Provider } from "../provider/provider.ts";
import { closedUntilMs } from "../steering/windows/access.ts";
import { inFlightCountOf } from "./shards.ts";

/** The state of a provider. */
export interface BreakerStatus {
  readonly control: ControlState;
  /** Permits that are out. */
  readonly inFlightCount: number;
  /** The end of the hold on the gate; 0 if there never was one. */
  readonly heldUntilMs: number;
  /** The end of what keeps the gate shut by plan, a closed window; not after now if nothing does. */
  readonly plannedUntilMs: number;
}

/** The first instant at which anything may start, as far as nothing but trouble is against it; not after now if nothing is. */
export function notBeforeMs({ heldUntilMs, plannedUntilMs }: BreakerStatus): number {
  return Math.max(heldUntilMs, plannedUntilMs);
}

/** The status that shards and control add up to. */
export function statusOf(
  provider: Provider,
  control: ControlState,
  shards: readonly PermitShard[],
  nowMs: number,
): BreakerStatus {
  return {
    control,
    inFlightCount: inFlightCountOf(shards, nowMs),
    heldUntilMs: Math.max(0, ...shards.map(({ heldUntilMs }) => heldUntilMs)),
    plannedUntilMs: closedUntilMs(provider, nowMs),
  };
}
