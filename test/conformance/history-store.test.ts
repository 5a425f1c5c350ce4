import { StoredRowInvalid } from "@sluice/core/errors";
import { outcomeTotalsOf } from "@sluice/core/history";
import { bySum } from "@sluice/core/law";
import { CONTRACT_MODEL, createHistoryStore, SNAPSHOT_MODEL } from "@sluice/core/storage";
import { createMemoryHistoryStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { itemBytes } from "@sluice/sim/cloud/dynamodb/item-size";
import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { Entity } from "electrodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StartedTable, startTable } from "../support/dynalite-table.ts";
import { describeHistoryStore, FULL, FULL_WHEN_CLOSED, snapshotAt } from "./history-store.conformance.ts";

/** A write of an item of more costs a second unit. */
const WRITE_UNIT_BYTES = 1_024;

describeHistoryStore("in memory", async () => ({
  open: async () => createMemoryHistoryStore(),
  stop: async () => {},
}));

describeHistoryStore("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createHistoryStore(table, `demo-${openedCount}`, () => NOON_MS);
    },
    stop: async () => {},
  };
});

describeHistoryStore("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createHistoryStore(table, `demo-${openedCount}`, () => NOON_MS);
    },
    stop: () => table.stop(),
  };
});

describe("history on DynamoDB", () => {
  let table: StartedTable;
  beforeAll(async () => {
    table = await startTable();
  });
  afterAll(() => table.stop());

  const storeOf = (provider: string) => createHistoryStore(table, provider, () => NOON_MS);
  const snapshots = () => new Entity(SNAPSHOT_MODEL, { client: table.client, table: table.name });

  test.each([FULL, FULL_WHEN_CLOSED])(
    "a snapshot with everything in it is one write unit, and expires after two weeks",
    async (full) => {
      const virtual = createVirtualTable();
      const provider = "a-provider-of-thirty-two-letters";
      const wordy = outcomeTotalsOf(bySum(() => 12_345_678.123));
      const snapshot = { ...snapshotAt(NOON_MS), ...full, outcomes: wordy };
      await createHistoryStore(virtual, provider, () => NOON_MS).append(snapshot);
      const [item] = virtual.items();
      expect(item).toMatchObject({ expiresAtSeconds: NOON_MS / 1_000 + 14 * 86_400 });
      expect(item && itemBytes(item)).toBeGreaterThan(880);
      expect(item && itemBytes(item)).toBeLessThan(WRITE_UNIT_BYTES);
    },
  );

  test("what is stored in another shape is refused", async () => {
    const key = { provider: "bad", snapshotDay: "2026-11-18", time: "2026-11-18T12:00:00.000Z" };
    await snapshots()
      .put({ ...key, json: '{"atMs":1}', expiresAtSeconds: 1 })
      .go();
    await expect(storeOf("bad").latest()).rejects.toBeInstanceOf(StoredRowInvalid);
    const contracts = new Entity(CONTRACT_MODEL, { client: table.client, table: table.name });
    const json = JSON.stringify({ ...demoProvider(), maxConcurrency: 0 });
    await contracts.put({ provider: "bad", list: "contract", json }).go();
    await expect(storeOf("bad").contract()).rejects.toThrow("maxConcurrency");
  });
});
