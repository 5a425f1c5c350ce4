import { StoredRowInvalid } from "@sluice/core/errors";
import { createRosters, LISTED_RUN_MODEL } from "@sluice/core/storage";
import { createMemoryRosters } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { itemBytes } from "@sluice/sim/cloud/dynamodb/item-size";
import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";
import { describeRosters } from "./rosters.conformance.ts";

describeRosters("in memory", async () => ({
  open: async () => createMemoryRosters(),
  stop: async () => {},
}));

describeRosters("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createRosters(table, `demo-${openedCount}`);
    },
    stop: async () => {},
  };
});

describeRosters("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createRosters(table, `demo-${openedCount}`);
    },
    stop: () => table.stop(),
  };
});

test("a listing with the roster of forty records, and the longest run id, is one write unit or two", async () => {
  const table = createVirtualTable();
  const store = createRosters(table, "a-provider-of-thirty-two-letters");
  const roster = { fromNumber: 0, fingerprints: "0123456789".repeat(40) };
  const bytesOf = async (runId: string) => {
    await store.list({ runId, lane: "records", createdAtMs: 1_700_000_000_000, roster });
    const item = [...table.items()].at(-1);
    return item === undefined ? 0 : itemBytes(item);
  };
  expect(await bytesOf("0b5f2c1e-6d52-4a49-9c6a-3f1f7f0f4a11")).toBeLessThan(1_024);
  expect(await bytesOf("x".repeat(1_024))).toBeLessThan(2_048);
});

test("a listing that is none of ours is refused", async () => {
  const table = createVirtualTable();
  const entity = new Entity(LISTED_RUN_MODEL, { client: table.client, table: table.name });
  const key = { provider: "demo", runsOf: "day/2026-11-18", time: "", runKey: "night" };
  const { createdAtMs, ...row } = { ...key, runId: "night", lane: "records", createdAtMs: 1 } as const;
  await entity.put({ ...row, createdAtMs }).go();
  const store = createRosters(table, "demo");
  expect(await Array.fromAsync(store.runsOfDay("2026-11-18"))).toHaveLength(1);
  await entity.remove(key).go();
  const broken = { ...row, createdAtMs: "noon" } as never;
  await new Entity(
    { ...LISTED_RUN_MODEL, attributes: { ...LISTED_RUN_MODEL.attributes, createdAtMs: { type: "any" } } },
    {
      client: table.client,
      table: table.name,
    },
  )
    .put(broken)
    .go();
  await expect(Array.fromAsync(store.runsOfDay("2026-11-18"))).rejects.toBeInstanceOf(StoredRowInvalid);
});
