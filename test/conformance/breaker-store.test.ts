import { StoredRowInvalid } from "@sluice/core/errors";
import { BREAKER_MODEL, createBreakerStore } from "@sluice/core/storage";
import { createMemoryBreakerStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";
import { describeBreakerStore } from "./breaker-store.conformance.ts";

describeBreakerStore("in memory", async () => ({
  open: async () => createMemoryBreakerStore(),
  stop: async () => {},
}));

describeBreakerStore("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createBreakerStore(table, `demo-${openedCount}`);
    },
    stop: async () => {},
  };
});

describeBreakerStore("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createBreakerStore(table, `demo-${openedCount}`);
    },
    stop: () => table.stop(),
  };
});

test.each([
  ["text that is no JSON", { version: 1, json: "{" }],
  ["a version that none of ours has", { version: 0, json: "{}" }],
])("a stored state with %s is refused", async (_, row) => {
  const table = await startTable();
  const entity = new Entity(BREAKER_MODEL, { client: table.client, table: table.name });
  for (const part of ["law", "valve/records"]) await entity.put({ provider: "demo", part, ...row }).go();
  const store = createBreakerStore(table, "demo");
  await expect(store.read()).rejects.toBeInstanceOf(StoredRowInvalid);
  await expect(store.readValve("records")).rejects.toBeInstanceOf(StoredRowInvalid);
  await table.stop();
});
