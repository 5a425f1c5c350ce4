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

function harnessOn(store: Table): VentilatorHarness {
  return createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 1 }), {
    fetches: createFetchStore(store),
    items: createPermitItems(store, "demo"),
  });
}

test("a batch costs two writes, each of its records two more, and no read", async () => {
  await harnessOn(table).run([messageFor("the first of this provider, which begins its split")]);
  requests.length = 0;
  const handedBack = await harnessOn(table).run(["a", "b", "c", "d", "e"].map((id) => messageFor(id)));
  expect(handedBack).toEqual([]);
  expect(requests).toEqual(Array(2 + 5 * 2).fill("UpdateItemCommand"));
});
