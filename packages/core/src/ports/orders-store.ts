import type { Orders } from "./orders.ts";

/**
 * Store of the orders of one provider's operators. Each call is one atomic change; it throws `Unreachable` when the
 * store can't be had now, and `read` throws `StoredRowInvalid` for a row that is none of Sluice's.
 */
export interface OrdersStore {
  /** The orders that were committed last; undefined if none were. */
  read(): Promise<StoredOrders | undefined>;
  /**
   * Stores orders under a version if the stored version is still `ifVersion`, 0 meaning none. Repeating a commit that
   * went through is a conflict.
   */
  commit(orders: Orders, version: number, ifVersion: number): Promise<"committed" | "conflict">;
}

/** Committed orders, a JSON value that its reader parses. */
export interface StoredOrders {
  readonly version: number;
  readonly orders: unknown;
}
