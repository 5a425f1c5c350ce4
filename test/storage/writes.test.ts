import type { ReceivedMessage } from "@sluice/core/ports";
import { byLane } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import {
  createFetchStore,
  createPermitItems,
  createRunStore,
  createSchedulerStores,
  type Table,
} from "@sluice/core/storage";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
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
    runs: createRunStore(store, "demo"),
  });
}

/** Messages of a run, enqueued on the table; the requests that it takes are left out. */
async function messagesOfRun(runId: string, count: number): Promise<ReceivedMessage[]> {
  const queue = createMemoryQueue();
  const { clock } = harnessOn(table);
  const stores = createSchedulerStores(table, "demo", clock.nowMs);
  const deps = { ...stores, queues: byLane(() => queue), clock };
  const scheduler = createScheduler(
    { id: "demo" },
    { ...deps, ids: { next: () => runId }, random: { next: () => 0 } },
  );
  await scheduler.enqueue(
    Array.from({ length: count }, (_, at) => `${runId}-${at}`),
    { runId },
  );
  return queue.entries.map(({ body }, at) => messageFor(`${runId}-${at}`, { body }));
}

const writesIn = () => requests.filter((name) => name === "UpdateItemCommand").length;

test("a batch costs two writes, each of its records two more, and no read", async () => {
  await harnessOn(table).run([messageFor("the first of this provider, which begins its split")]);
  requests.length = 0;
  const handedBack = await harnessOn(table).run(["a", "b", "c", "d", "e"].map((id) => messageFor(id)));
  expect(handedBack).toEqual([]);
  expect(requests).toEqual(Array(2 + 5 * 2).fill("UpdateItemCommand"));
});

test.each([
  ["of ten", 10, 0.1],
  ["of one", 1, 1],
])("the ledger costs one write more a batch, %s", async (name, batchSize, perRecord) => {
  const messages = await messagesOfRun(`run ${name}`, 20);
  await harnessOn(table).run([messageFor("begins the split")]);
  requests.length = 0;
  for (let from = 0; from < 10; from += batchSize) {
    await harnessOn(table).run(messages.slice(from, from + batchSize));
  }
  const without = 10 * 2 + (10 / batchSize) * 2;
  expect((writesIn() - without) / 10).toBe(perRecord);
});

test("a run of one record costs three writes in all", async () => {
  requests.length = 0;
  const [message] = await messagesOfRun("single", 1);
  if (message !== undefined) await harnessOn(table).run([message]);
  expect(writesIn() - (2 + 2)).toBe(3);
});
