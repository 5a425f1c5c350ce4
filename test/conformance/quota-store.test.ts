import { StoredRowInvalid } from "@sluice/core/errors";
import { createQuotaStore, QUOTA_MODEL } from "@sluice/core/storage";
import { createMemoryQuotaStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";
import { describeQuotaStore } from "./quota-store.conformance.ts";

describeQuotaStore("in memory", async () => ({
  open: async () => createMemoryQuotaStore(),
  stop: async () => {},
}));

describeQuotaStore("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createQuotaStore(table, `demo-${openedCount}`);
    },
    stop: async () => {},
  };
});

describeQuotaStore("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createQuotaStore(table, `demo-${openedCount}`);
    },
    stop: () => table.stop(),
  };
});

test("a stored item that is none of ours is refused", async () => {
  const table = createVirtualTable();
  const entity = new Entity(QUOTA_MODEL, { client: table.client, table: table.name });
  await entity.put({ provider: "demo", freeFromMs: -1 }).go();
  const store = createQuotaStore(table, "demo");
  await expect(store.read()).rejects.toBeInstanceOf(StoredRowInvalid);
});
