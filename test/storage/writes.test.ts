import { createPermitPool } from "@sluice/core/permits";
import { createFetchStore, createPermitItems, type Table } from "@sluice/core/storage";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";

/** DynamoDB's requests since the test began, in order. */
const requests: string[] = [];
let table: Awaited<ReturnType<typeof startTable>>;

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
beforeEach(() => {
  requests.length = 0;
});
afterAll(() => table.stop());

function rigOn(store: Table): VentilatorHarness {
  const random = { next: () => 0.5 };
  return createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }), {
    fetches: createFetchStore(store),
    permits: createPermitPool(createPermitItems(store, "demo"), { maxConcurrency: 3, shardCount: 1 }, random),
  });
}

test("a batch costs two writes, each of its records two more, and no read", async () => {
  const handedBack = await rigOn(table).run(["a", "b", "c", "d", "e"].map((id) => messageFor(id)));
  expect(handedBack).toEqual([]);
  expect(requests).toEqual(Array(2 + 5 * 2).fill("UpdateItemCommand"));
});
