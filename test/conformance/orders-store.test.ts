import { StoredRowInvalid } from "@sluice/core/errors";
import { createOrdersStore, ORDERS_MODEL } from "@sluice/core/storage";
import { createMemoryOrdersStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";
import { describeOrdersStore } from "./orders-store.conformance.ts";

describeOrdersStore("in memory", async () => ({
  open: async () => createMemoryOrdersStore(),
  stop: async () => {},
}));

describeOrdersStore("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createOrdersStore(table, `demo-${openedCount}`);
    },
    stop: async () => {},
  };
});

describeOrdersStore("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createOrdersStore(table, `demo-${openedCount}`);
    },
    stop: () => table.stop(),
  };
});

test.each([
  ["text that is no JSON", { version: 1, json: "{" }],
  ["a version that none of ours has", { version: 0, json: "{}" }],
])("stored orders with %s are refused", async (_, row) => {
  const table = await startTable();
  const entity = new Entity(ORDERS_MODEL, { client: table.client, table: table.name });
  await entity.put({ provider: "demo", ...row }).go();
  await expect(createOrdersStore(table, "demo").read()).rejects.toBeInstanceOf(StoredRowInvalid);
  await table.stop();
});
