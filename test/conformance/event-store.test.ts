import { StoredRowInvalid } from "@sluice/core/errors";
import { createEventStore, EVENT_MODEL } from "@sluice/core/storage";
import { createMemoryEventStore } from "@sluice/core/storage/memory";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { Entity } from "electrodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StartedTable, startTable } from "../support/dynalite-table.ts";
import { describeEventStore, eventOf } from "./event-store.conformance.ts";

const DAY_MS = 24 * 3_600_000;

describeEventStore("in memory", async () => ({
  open: async () => createMemoryEventStore(),
  stop: async () => {},
}));

describeEventStore("on the virtual table", async () => {
  const table = createVirtualTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createEventStore(table, `demo-${openedCount}`, () => NOON_MS);
    },
    stop: async () => {},
  };
});

describeEventStore("on DynamoDB", async () => {
  const table = await startTable();
  let openedCount = 0;
  return {
    async open() {
      openedCount += 1;
      return createEventStore(table, `demo-${openedCount}`, () => NOON_MS);
    },
    stop: () => table.stop(),
  };
});

describe("events on DynamoDB", () => {
  let table: StartedTable;
  const requests: string[] = [];
  beforeAll(async () => {
    table = await startTable();
    table.client.middlewareStack.add(
      (next, context) => (request) => {
        requests.push(String(context.commandName));
        return next(request);
      },
      { step: "initialize" },
    );
  });
  afterAll(() => table.stop());

  const idsOf = (provider: string, nowMs: number, sinceMs: number) =>
    Array.fromAsync(createEventStore(table, provider, () => nowMs).list(sinceMs), ({ id }) => id);

  test("expire after 90 days, and are no longer listed then, deleted or not", async () => {
    await createEventStore(table, "old", () => NOON_MS).append(eventOf("a", NOON_MS));
    const entity = new Entity(EVENT_MODEL, { client: table.client, table: table.name });
    const { data } = await entity.query.byTime({ provider: "old", day: "2026-11-18" }).go();
    expect(data).toMatchObject([{ expiresAtSeconds: NOON_MS / 1_000 + 90 * 86_400 }]);
    expect(await idsOf("old", NOON_MS + 90 * DAY_MS, 0)).toEqual(["a"]);
    expect(await idsOf("old", NOON_MS + 90 * DAY_MS + 1, 0)).toEqual([]);
  });

  test("are read day by day, and never by a scan", async () => {
    requests.length = 0;
    await idsOf("quiet", NOON_MS, NOON_MS - 2 * DAY_MS);
    expect(requests).toEqual(["QueryCommand", "QueryCommand", "QueryCommand"]);
  });

  test("are read backwards no further than is asked for", async () => {
    const store = createEventStore(table, "long", () => NOON_MS);
    for (let index = 0; index < 30; index += 1) await store.append(eventOf(`e${index}`, NOON_MS - index));
    requests.length = 0;
    expect(await store.latest({ count: 10, sinceMs: NOON_MS - 14 * DAY_MS })).toHaveLength(10);
    expect(requests).toEqual(["QueryCommand"]);
  });

  test("of a machine whose clock is a little ahead are listed, also over midnight", async () => {
    const midnightMs = NOON_MS + DAY_MS / 2;
    await createEventStore(table, "ahead", () => NOON_MS).append(eventOf("a", midnightMs + 5_000));
    expect(await idsOf("ahead", midnightMs - 5_000, midnightMs - 10_000)).toEqual(["a"]);
  });

  test("that are stored in another shape are refused", async () => {
    const entity = new Entity(EVENT_MODEL, { client: table.client, table: table.name });
    const key = { provider: "bad", day: "2026-11-18", time: "2026-11-18T12:00:00.000Z", id: "a" };
    const row = { ...key, atMs: NOON_MS, kind: "hold", summary: "", expiresAtSeconds: 1 } as const;
    await entity.put({ ...row, details: "{" }).go();
    await expect(idsOf("bad", NOON_MS, NOON_MS)).rejects.toBeInstanceOf(StoredRowInvalid);
  });
});
