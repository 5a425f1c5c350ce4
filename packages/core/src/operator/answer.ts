import type { TimedOrders } from "../orders/orders-in-force.ts";
import type { OrderChange } from "../ports/orders.ts";

/** An answer to whoever gives an order. */
export type OrderAnswer = Ordered | Refused;

/** An order that is stored: it holds from its beginning to its end, whatever happens to processes and mappings. */
export interface Ordered {
  readonly kind: "ordered";
  /** With the orders that were given, and those that ended with them: another operator's, perhaps. */
  readonly change: OrderChange;
  /** All orders whose time is not over. */
  readonly orders: TimedOrders;
  /** False for a dry run, and if permits could not be told yet: the waker's next round, or a ventilator's next look, tells them. */
  readonly isCarriedOut: boolean;
}

/** An order that was refused; nothing has changed. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: RefusalReason;
  /** A sentence for the operator. */
  readonly hint: string;
}

/**
 * The causes of a refusal. `would-open`: a hold that begins later would end one that is in force; `not-open`: a breaker
 * that is closed needs no force, and no probe; `shut`: nothing may start now, not even a probe; `nothing-to-end`: there is
 * no such order, or no such run.
 */
export type RefusalReason =
  | "reason-invalid"
  | "author-invalid"
  | "time-invalid"
  | "time-too-long"
  | "limit-invalid"
  | "would-open"
  | "not-open"
  | "shut"
  | "nothing-to-end";

/** Makes a refusal. */
export function refused(reason: RefusalReason, hint: string): Refused {
  return { kind: "refused", reason, hint };
}
