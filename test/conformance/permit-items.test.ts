import { createMemoryPermitItems } from "@sluice/core/permits/memory-permit-items";
import { createPermitItems } from "@sluice/core/permits/permit-items";
import { startTable } from "../support/dynalite-table.ts";
import { describePermitItems } from "./permit-items.conformance.ts";

describePermitItems("in memory", async () => ({ items: createMemoryPermitItems(), stop: async () => {} }));

describePermitItems("on DynamoDB", async () => {
  const table = await startTable();
  return { items: createPermitItems(table, "Demo"), stop: () => table.stop() };
});
