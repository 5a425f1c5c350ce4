import type { OrdersStore } from "../ports/orders-store.ts";

/** {@link OrdersStore} in memory, for tests and simulation. */
export function createMemoryOrdersStore(): OrdersStore {
  // As text, so that the orders do not change when their writer changes the object later.
  let row: { readonly version: number; readonly json: string } | undefined;
  return {
    async read() {
      return row && { version: row.version, orders: JSON.parse(row.json) };
    },
    async commit(orders, version, ifVersion) {
      if ((row?.version ?? 0) !== ifVersion) return "conflict";
      row = { version, json: JSON.stringify(orders) };
      return "committed";
    },
  };
}
