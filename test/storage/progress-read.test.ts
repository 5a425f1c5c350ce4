import { PART_SIZE, readRunStatus } from "@sluice/core/runs";
import { createHistoryStore, createRunStore, type Table } from "@sluice/core/storage";
import { createVirtualTable, type TableResponse } from "@sluice/sim/cloud/dynamodb";
import { itemBytes } from "@sluice/sim/cloud/dynamodb/item-size";
import { expect, test } from "vitest";

const PROVIDER = "a-provider-of-thirty-two-letters";
const RUN_ID = "x".repeat(1_024);
const RECORD_COUNT = 500_000;
const NOW_MS = Date.UTC(2026, 10, 22, 6);
/** Bytes that a read unit is good for: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const UNIT_BYTES = 4_096;

test("the state of half a million records is read in a second and for 500 read units", async () => {
  const table = createVirtualTable();
  const store = createRunStore(table, PROVIDER);
  const run = { runId: RUN_ID, correlationId: RUN_ID, lane: "records", createdAtMs: NOW_MS } as const;
  await store.open({ ...run, plannedCount: RECORD_COUNT, digest: "", isSealed: true });
  const places = Array.from({ length: PART_SIZE }, (_, place) => place);
  for (let index = 0; index < RECORD_COUNT / PART_SIZE; index += 1) {
    const [expired = 0, dead = 1, ...fetched] = places;
    const marks = index === 0 ? { fetched } : { fetched, dead: [dead], expired: [expired] };
    await store.mark(RUN_ID, { level: 0, index }, marks, NOW_MS + index);
  }

  const { counted, unitCount } = countingReads(table);
  const deps = {
    runs: createRunStore(counted, PROVIDER),
    history: createHistoryStore(counted, PROVIDER, () => NOW_MS),
    clock: { nowMs: () => NOW_MS + 60_000 },
  };
  const before = process.cpuUsage();
  const status = await readRunStatus(RUN_ID, deps);

  // The processor's time, and not that of a machine that does other things beside: the requests take none here.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(1_000);
  expect(status).toMatchObject({
    accepted: RECORD_COUNT,
    open: 2,
    counts: { fetched: 495_000, dead: 2_499, expired: 2_499, fetchedBefore: 0, cancelled: 0 },
  });
  expect(unitCount()).toBeGreaterThan(200);
  expect(unitCount()).toBeLessThanOrEqual(500);
});

/** The same table, and the read units that have been taken through it. */
function countingReads({ name, client }: Table) {
  const { send } = client as { send(command: ReadCommand): Promise<TableResponse> };
  let count = 0;
  const counted: Table = {
    name,
    client: {
      async send(command: ReadCommand) {
        const answer = await send(command);
        count += unitsOf(answer) * (command.input.ConsistentRead === true ? 1 : 0.5);
        return answer;
      },
    },
  };
  return { counted, unitCount: () => count };
}

interface ReadCommand {
  readonly input: { readonly ConsistentRead?: boolean };
}

/** Read units of a page or an item, if the read is consistent. */
function unitsOf({ Items, Item }: TableResponse): number {
  const items = Items ?? (Item === undefined ? [] : [Item]);
  const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0);
  return Math.max(1, Math.ceil(bytes / UNIT_BYTES));
}
