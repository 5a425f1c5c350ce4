import { createFetchStore } from "@sluice/core/storage";
import { createMemoryFetchStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { startTable } from "../support/dynalite-table.ts";
import { describeFetchStore } from "./fetch-store.conformance.ts";

describeFetchStore("in memory", async () => ({ store: createMemoryFetchStore(), stop: async () => {} }));

describeFetchStore("on the virtual table", async () => ({
  store: createFetchStore(createVirtualTable()),
  stop: async () => {},
}));

describeFetchStore("on DynamoDB", async () => {
  const table = await startTable();
  return { store: createFetchStore(table), stop: () => table.stop() };
});
