import type { OrdersStore } from "../ports/orders-store.ts";
import { createEntity } from "./entity.ts";
import { ORDERS_MODEL, parseOrdersRow } from "./orders-entity.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** {@link OrdersStore} on DynamoDB: one item for all orders of a provider. */
export function createOrdersStore(table: Table, provider: string): OrdersStore {
  const entity = createEntity(ORDERS_MODEL, table);
  return {
    async read() {
      const { data } = await reachDynamoDb(entity.get({ provider }).go({ consistent: true }));
      return data === null ? undefined : parseOrdersRow(data);
    },
    async commit(orders, version, ifVersion) {
      const write = await reachDynamoDb(
        entity
          .update({ provider })
          .set({ version, json: JSON.stringify(orders) })
          .where((row, { eq, notExists }) =>
            ifVersion === 0 ? notExists(row.version) : eq(row.version, ifVersion),
          )
          .go({ returnOnConditionCheckFailure: true }),
      );
      return write.rejected ? "conflict" : "committed";
    },
  };
}
