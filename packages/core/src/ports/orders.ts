/**
 * The orders that operators have given for a provider, each until its end. One of a kind is kept: a later one takes the
 * place of the earlier. An order whose time is over has no effect, and stays until another change.
 */
export interface Orders {
  /** Nothing may start from its beginning to its end. */
  readonly hold?: Order;
  /** The limit stays at or below its own, whatever the law wants. */
  readonly pin?: LimitOrder;
  /** While the law has the breaker open or half-open, requests flow at its limit, and nothing probes. */
  readonly force?: LimitOrder;
  /** The last change; absent if there never was one. */
  readonly change?: OrderChange;
}

/** The kinds of orders that have a time. */
export type OrderKind = "hold" | "pin" | "force";

/** An order with its time and its author. */
export interface Order {
  readonly id: string;
  /** The author, as the caller of the use-case has named him: an ARN on AWS. */
  readonly by: string;
  readonly reason: string;
  /** It is in force from then on, until `untilMs`. */
  readonly fromMs: number;
  /** The instant of its end; the last one that there is for an order without an end. */
  readonly untilMs: number;
}

/** An order about the limit. */
export interface LimitOrder extends Order {
  readonly limit: number;
}

/** A change of the orders, as the trail of events has it. */
export interface OrderChange {
  readonly id: string;
  readonly atMs: number;
  readonly by: string;
  /** One sentence for people. */
  readonly summary: string;
  /** The orders that it gave; absent of one that only ends orders. */
  readonly given?: Partial<Record<OrderKind, Order | LimitOrder>>;
  /** Orders that had time left, and ended with it. */
  readonly ended: Partial<Record<OrderKind, Order | LimitOrder>>;
}
