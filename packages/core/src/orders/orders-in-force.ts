import type { Order, OrderKind, Orders } from "../ports/orders.ts";

/** The kinds of orders that have a time. */
export const ORDER_KINDS: readonly OrderKind[] = ["hold", "pin", "force"];

/** The end of an order without an end: the last instant that a date can have. */
export const FOR_EVER_MS = 8_640_000_000_000_000;

/** Orders without their past. */
export type TimedOrders = Pick<Orders, OrderKind>;

/** The orders that are in force at an instant. */
export function ordersInForce(orders: TimedOrders, nowMs: number): TimedOrders {
  return where(orders, ({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
}

/** The orders whose time is not over: those in force, and those that are still to come. */
export function ordersLeft(orders: TimedOrders, nowMs: number): TimedOrders {
  return where(orders, ({ untilMs }) => nowMs < untilMs);
}

function where(orders: TimedOrders, isWanted: (order: Order) => boolean): TimedOrders {
  return Object.fromEntries(
    ORDER_KINDS.flatMap((kind) => {
      const order = orders[kind];
      return order !== undefined && isWanted(order) ? [[kind, order]] : [];
    }),
  );
}
