import type { ControlState } from "../law/control.ts";
import { type Evidence, plus } from "../law/evidence.ts";
import { holdsAt, holdsOn } from "../permits/holds.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import type { Provider } from "../provider/provider.ts";
import { closedUntilMs } from "../steering/windows/access.ts";
import type { StoredMemory } from "./memory.ts";
import { evidenceOfEpoch, inFlightCountOf } from "./shards.ts";

/** The state of a provider. */
export interface BreakerStatus {
  /** The control in force: the law's, as operators' orders shape it. */
  readonly control: ControlState;
  /** Permits that are out. */
  readonly inFlightCount: number;
  /** The end of the provider's Retry-After; 0 if none is in force. */
  readonly heldUntilMs: number;
  /** The beginning of the hold that operators have ordered; absent unless it is in force. */
  readonly orderedFromMs?: number;
  /** The end of what keeps the gate shut by plan, a closed window or an order; not after now if nothing does. */
  readonly plannedUntilMs: number;
  /** Outcomes of all time, as far as the breaker has heard of them: what ends as an epoch begins may be missing. */
  readonly outcomes: Evidence;
}

/** The first instant at which anything may start, as far as nothing but trouble is against it; not after now if nothing is. */
export function notBeforeMs({ heldUntilMs, plannedUntilMs }: BreakerStatus): number {
  return Math.max(heldUntilMs, plannedUntilMs);
}

/** The status that memory, shards and the control in force add up to. */
export function statusOf(
  provider: Provider,
  control: ControlState,
  { stored, shards }: { readonly stored: StoredMemory; readonly shards: readonly PermitShard[] },
  nowMs: number,
): BreakerStatus {
  const { law, earlier } = stored.memory;
  const { order: ordered = [], "retry-after": asked = [] } = Object.groupBy(
    holdsAt(shards.flatMap(holdsOn), nowMs),
    ({ kind }) => kind,
  );
  return {
    control,
    inFlightCount: inFlightCountOf(shards, nowMs),
    heldUntilMs: Math.max(0, ...asked.map(({ untilMs }) => untilMs)),
    ...(ordered.length > 0 && { orderedFromMs: Math.min(...ordered.map(({ fromMs }) => fromMs)) }),
    plannedUntilMs: Math.max(closedUntilMs(provider, nowMs), ...ordered.map(({ untilMs }) => untilMs)),
    outcomes: plus(earlier, evidenceOfEpoch(shards, law.epoch)),
  };
}
