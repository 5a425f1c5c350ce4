import { createFetchStore } from "@sluice/core/records/fetch-store";
import { createMemoryFetchStore } from "@sluice/core/records/memory-fetch-store";
import { startTable } from "../support/dynalite-table.ts";
import { describeFetchStore } from "./fetch-store.conformance.ts";

describeFetchStore("in memory", async () => ({ store: createMemoryFetchStore(), stop: async () => {} }));

describeFetchStore("on DynamoDB", async () => {
  const table = await startTable();
  return { store: createFetchStore(table), stop: () => table.stop() };
});
