import type { ClosedControl, ControlState } from "../law/control.ts";
import type { LimitOrder } from "../ports/orders.ts";
import { ordersInForce, type TimedOrders } from "./orders-in-force.ts";

/**
 * The control that permits and valve obey: the law's, as operators' orders shape it. A pin only ever lowers the limit. A
 * forced breaker runs as a closed one, until the end that the control carries. The law's own state stays as it is.
 */
export function steered(control: ControlState, orders: TimedOrders, nowMs: number): ControlState {
  const { pin, force } = ordersInForce(orders, nowMs);
  const flowing = force !== undefined && control.phase !== "closed" ? forced(control, force) : control;
  return pin !== undefined && flowing.phase === "closed" ? pinned(flowing, pin) : flowing;
}

/** True while an order lets requests flow that the law would stop: what they show is not the law's to judge. */
export function isForced(control: ControlState, orders: TimedOrders, nowMs: number): boolean {
  return control.phase !== "closed" && ordersInForce(orders, nowMs).force !== undefined;
}

function forced({ epoch, usualLatencyMs }: ControlState, { limit, untilMs }: LimitOrder): ClosedControl {
  return {
    phase: "closed",
    limit,
    target: limit,
    epoch,
    ...(usualLatencyMs === undefined ? {} : { usualLatencyMs }),
    forcedUntilMs: untilMs,
  };
}

function pinned(control: ClosedControl, { limit, untilMs }: LimitOrder): ClosedControl {
  const target = Math.min(control.target, limit);
  if (control.limit <= limit) return { ...control, target };
  return { ...control, limit, target, pinnedUntilMs: untilMs, unpinnedLimit: control.limit };
}
