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

  /** A query for each day of a span, oldest first. */
  function queriesOf(sinceMs: number, untilMs: number) {
    const fromMs = Math.max(sinceMs, nowMs() - KEPT_FOR_MS);
    const toMs = Math.min(untilMs, nowMs() + AHEAD_MS);
    // DynamoDB refuses a span that ends before it begins.
    if (toMs < fromMs) return [];
    const span = [{ time: timeOf(fromMs) }, { time: timeOf(toMs) }] as const;
    return daysOf(fromMs, toMs).map(
      (snapshotDay) => () => snapshots.query.byTime({ provider, snapshotDay }).between(...span),
    );
  }

  async function* list(sinceMs: number, untilMs: number): AsyncIterable<Snapshot> {
    for (const query of queriesOf(sinceMs, untilMs)) {
      yield* listPages((cursor) => query().go({ cursor }), parseSnapshotRow);
    }
  }

  /** Asks all days at the same time: one after the other, two weeks would take as many waits. */
  async function first(sinceMs: number, untilMs: number): Promise<Snapshot | undefined> {
    const firsts = await Promise.all(
      queriesOf(sinceMs, untilMs).map((query) => reachDynamoDb(query().go({ limit: 1 }))),
    );
    const [row] = firsts.flatMap(({ data }) => data);
    return row && parseSnapshotRow(row);
  }

  return {
    append,
    list,
    first,
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

/** The days of a span, as rows are kept by. */
function daysOf(fromMs: number, toMs: number): readonly string[] {
  const days: string[] = [];
  for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs <= toMs; dayMs += DAY_MS) {
    days.push(keyOf(dayMs).snapshotDay);
  }
  return days;
}

function keyOf(atMs: number): { readonly snapshotDay: string; readonly time: string } {
  const time = timeOf(atMs);
  return { snapshotDay: time.slice(0, "2026-11-21".length), time };
}

/** ISO text, which sorts by time. */
function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
