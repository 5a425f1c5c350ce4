import { StoredRowInvalid } from "@sluice/core/errors";
import { createRunStore, RUN_MODEL } from "@sluice/core/storage";
import { createMemoryRunStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";
import { describeRunStore } from "./run-store.conformance.ts";

describeRunStore("in memory", async () => ({
  open: async () => createMemoryRunStore(),
  stop: async () => {},
}));

describeRunStore("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createRunStore(table, `demo-${openedCount}`);
    },
    stop: async () => {},
  };
});

describeRunStore("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createRunStore(table, `demo-${openedCount}`);
    },
    stop: () => table.stop(),
  };
});

test("a stored item that is none of ours is refused", async () => {
  const table = createVirtualTable();
  const entity = new Entity(RUN_MODEL, { client: table.client, table: table.name });
  const run = { runKey: "night", runId: "night", correlationId: "night", lane: "records" } as const;
  const counts = { createdAtMs: 1, plannedCount: -1, sentCount: 0, digest: "", isSealed: false };
  await entity.put({ provider: "demo", ...run, ...counts }).go();
  const store = createRunStore(table, "demo");
  await expect(store.read("night")).rejects.toBeInstanceOf(StoredRowInvalid);
});
