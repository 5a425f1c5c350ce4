import { readOrders } from "../breaker/heed-orders.ts";
import { readMemory } from "../breaker/memory.ts";
import { type ControlState, type EnvironmentHold, environmentHoldOf } from "../law/control.ts";
import { ordersLeft, type TimedOrders } from "../orders/orders-in-force.ts";
import { isForced, steered } from "../orders/steered.ts";
import { type Hold, holdsAt, holdsOn } from "../permits/holds.ts";
import { readAllShards } from "../permits/split.ts";
import type { Order } from "../ports/orders.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import type { ByLane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { accessAt } from "../steering/windows/access.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/**
 * A reason for which nothing may start now, with its end as far as it is known. `tripped`, and `environment`, end with a
 * probe that is answered: their end here is the instant of the next one. `probing` ends any moment.
 */
export type ReasonToStayShut =
  | { readonly kind: "order"; readonly untilMs: number; readonly order?: Order }
  | { readonly kind: Exclude<Hold["kind"], "order">; readonly untilMs: number }
  /** Its access windows have it closed, or closing; without an end if it does not open within a year. */
  | { readonly kind: "window"; readonly untilMs?: number }
  /** A quota is used up: for the bulk, and for express records too unless `isBulkOnly`. */
  | { readonly kind: "quota"; readonly untilMs: number; readonly isBulkOnly: boolean }
  | { readonly kind: "environment"; readonly form: EnvironmentHold; readonly untilMs?: number }
  | { readonly kind: "tripped"; readonly untilMs: number }
  | { readonly kind: "probing"; readonly untilMs?: never };

/** A provider, as operators and its breaker steer it. */
export interface Steering {
  /** The control in force. */
  readonly control: ControlState;
  /** The control as the law has it, without orders. */
  readonly decided: ControlState;
  /** Orders whose time is not over: in force, or planned. */
  readonly orders: TimedOrders;
  /** All reasons to stay shut now, the one that ends last at the end; those without a known end come first. */
  readonly reasons: readonly ReasonToStayShut[];
}

/** Reads how a provider is steered, and why nothing may start. @throws Unreachable, StoredRowInvalid */
export async function readSteering(
  deps: Omit<SteeringDeps, "breaker" | "events" | "ids">,
): Promise<Steering> {
  const { items, bounds, clock } = deps;
  const [{ memory }, { orders }, shards, quotaHeldUntilMs] = await Promise.all([
    readMemory(deps),
    readOrders(deps),
    readAllShards(items, bounds),
    deps.quotas?.readHeldUntilMs(),
  ]);
  const nowMs = clock.nowMs();
  const decided = memory.law;
  return {
    control: steered(decided, orders, nowMs),
    decided,
    orders: ordersLeft(orders, nowMs),
    reasons: [
      ...reasonsOfHolds(orders, shards, nowMs),
      ...reasonsOfContract(deps.provider, quotaHeldUntilMs, nowMs),
      ...reasonsOfLaw(decided, orders, nowMs),
    ].toSorted((one, other) => (one.untilMs ?? 0) - (other.untilMs ?? 0)),
  };
}

function reasonsOfHolds(
  orders: TimedOrders,
  shards: readonly PermitShard[],
  nowMs: number,
): readonly ReasonToStayShut[] {
  const holds = holdsAt(shards.flatMap(holdsOn), nowMs);
  return [...Map.groupBy(holds, ({ kind }) => kind)].map(([kind, alike]): ReasonToStayShut => {
    const untilMs = Math.max(...alike.map((one) => one.untilMs));
    if (kind !== "order") return { kind, untilMs };
    const order = orders.hold;
    return order?.untilMs === untilMs ? { kind, untilMs, order } : { kind, untilMs };
  });
}

function reasonsOfContract(
  provider: Provider,
  quotaHeldUntilMs: ByLane<number> | undefined,
  nowMs: number,
): readonly ReasonToStayShut[] {
  const reasons: ReasonToStayShut[] = [];
  const access = accessAt(provider, nowMs);
  if (access.kind === "closed") {
    const { opensAtMs } = access;
    reasons.push({ kind: "window", ...(opensAtMs !== undefined && { untilMs: opensAtMs }) });
  }
  if (quotaHeldUntilMs !== undefined && quotaHeldUntilMs.records > nowMs) {
    const { records: untilMs, express } = quotaHeldUntilMs;
    reasons.push({ kind: "quota", untilMs, isBulkOnly: express <= nowMs });
  }
  return reasons;
}

function reasonsOfLaw(
  decided: ControlState,
  orders: TimedOrders,
  nowMs: number,
): readonly ReasonToStayShut[] {
  if (decided.phase === "closed" || isForced(decided, orders, nowMs)) return [];
  const form = environmentHoldOf(decided);
  const { probeAtMs: untilMs } = decided;
  if (form !== undefined) return [{ kind: "environment", form, ...(untilMs !== undefined && { untilMs }) }];
  return [decided.phase === "open" ? { kind: "tripped", untilMs: decided.probeAtMs } : { kind: "probing" }];
}
