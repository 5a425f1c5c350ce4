import type { HistoryStore, Snapshot } from "../ports/history-store.ts";
import { CONTRACT_MODEL, parseContractRow } from "./contract-entity.ts";
import { createEntity } from "./entity.ts";
import { listPages } from "./pages.ts";
import { parseSnapshotRow, SNAPSHOT_MODEL } from "./snapshot-entity.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Time for which snapshots are kept. */
const KEPT_FOR_MS = 14 * DAY_MS;
/** A waker whose clock is fast may write into the reader's tomorrow. */
const AHEAD_MS = 60_000;

/** {@link HistoryStore} on DynamoDB: one write unit a snapshot. */
export function createHistoryStore(table: Table, provider: string, nowMs: () => number): HistoryStore {
  const snapshots = createEntity(SNAPSHOT_MODEL, table);
  const contracts = createEntity(CONTRACT_MODEL, table);
  const contractKey = { provider, list: "contract" } as const;

  async function append(snapshot: Snapshot): Promise<void> {
    const { atMs } = snapshot;
    await reachDynamoDb(
      snapshots
        .put({
          provider,
          ...keyOf(atMs),
          json: JSON.stringify(snapshot),
          expiresAtSeconds: Math.ceil((atMs + KEPT_FOR_MS) / 1_000),
        })
        .go(),
    );
  }

  async function* list(sinceMs: number, untilMs: number): AsyncIterable<Snapshot> {
    const fromMs = Math.max(sinceMs, nowMs() - KEPT_FOR_MS);
    const toMs = Math.min(untilMs, nowMs() + AHEAD_MS);
    // DynamoDB refuses a span that ends before it begins.
    if (toMs < fromMs) return;
    for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs <= toMs; dayMs += DAY_MS) {
      const { snapshotDay } = keyOf(dayMs);
      const span = [{ time: timeOf(fromMs) }, { time: timeOf(toMs) }] as const;
      yield* listPages(
        (cursor) =>
          snapshots.query
            .byTime({ provider, snapshotDay })
            .between(...span)
            .go({ cursor }),
        parseSnapshotRow,
      );
    }
  }

  return {
    append,
    list,
    latest: () => latestOf(snapshots, provider, nowMs()),
    async putContract(contract) {
      await reachDynamoDb(contracts.put({ ...contractKey, json: JSON.stringify(contract) }).go());
    },
    async contract() {
      const { data } = await reachDynamoDb(contracts.get(contractKey).go());
      return data === null ? undefined : parseContractRow(data);
    },
  };
}

async function latestOf(
  snapshots: ReturnType<typeof createEntity<typeof SNAPSHOT_MODEL>>,
  provider: string,
  nowMs: number,
): Promise<Snapshot | undefined> {
  for (const atMs of [nowMs + AHEAD_MS, nowMs + AHEAD_MS - DAY_MS]) {
    const { snapshotDay } = keyOf(atMs);
    const query = snapshots.query.byTime({ provider, snapshotDay }).go({ order: "desc", limit: 1 });
    const [row] = (await reachDynamoDb(query)).data;
    if (row !== undefined) return parseSnapshotRow(row);
  }
  return undefined;
}

function keyOf(atMs: number): { readonly snapshotDay: string; readonly time: string } {
  const time = timeOf(atMs);
  return { snapshotDay: time.slice(0, "2026-11-21".length), time };
}

/** ISO text, which sorts by time. */
function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
