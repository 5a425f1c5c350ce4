import type {
  ClaimRequest,
  ClaimResult,
  Completion,
  CompletionResult,
  Fetch,
  FetchKey,
  FetchStore,
  Waiting,
} from "../ports/fetch-store.ts";
import { createEntity } from "./entity.ts";
import { claimedAs, completedAs, refusalOf, withdrawalOf } from "./fetch.ts";
import { FETCH_MODEL, parseFetchRow } from "./fetch-entity.ts";
import {
  type FetchEntity,
  fetchKeyOf,
  writeDeath,
  writeEnd,
  writeRevival,
  writeStart,
  writeWaiting,
  writeWithdrawal,
} from "./fetch-writes.ts";
import { listPages } from "./pages.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

/** {@link FetchStore} on DynamoDB: one write for a claim or completion, a read only to explain a refusal. */
export function createFetchStore(table: Table): FetchStore {
  const entity: FetchEntity = createEntity(FETCH_MODEL, table);

  async function claim(request: ClaimRequest): Promise<ClaimResult> {
    const write = await writeStart(entity, request);
    if (write.rejected) return explainRefusal(request, await refuserOf(request, write.data));
    return claimedAs(parseFetchRow(write.data));
  }

  async function explainRefusal(request: ClaimRequest, row: Fetch): Promise<ClaimResult> {
    if (row.status === "fetching" && row.attemptId === request.attemptId) {
      return claimedAs(row);
    }
    return row.status === "dead" && request.isRedriven ? revive(request) : refusalOf(row, request);
  }

  async function revive(request: ClaimRequest): Promise<ClaimResult> {
    const write = await writeRevival(entity, request);
    if (!write.rejected) return { kind: "claimed", attempt: 1 };
    return explainRefusal({ ...request, isRedriven: false }, await refuserOf(request, write.data));
  }

  async function join(key: FetchKey, attemptId: string, waiting: Waiting): Promise<"joined" | "over"> {
    const write = await writeWaiting(entity, key, attemptId, waiting);
    return write.rejected ? "over" : "joined";
  }

  async function complete(completion: Completion): Promise<CompletionResult> {
    const write = await writeEnd(entity, completion);
    const row = write.rejected ? await refuserOf(completion, write.data) : parseFetchRow(write.data);
    return completedAs(row, completion);
  }

  async function withdraw(request: ClaimRequest): Promise<void> {
    const ended = await complete(withdrawalOf(request));
    if (ended.kind === "completed") return;
    const write = await writeWithdrawal(entity, request);
    // It may be carried out between the two.
    if (write.rejected) await complete(withdrawalOf(request));
  }

  async function bury(key: FetchKey, nowMs: number): Promise<void> {
    await writeDeath(entity, key, nowMs);
  }

  async function get(key: FetchKey): Promise<Fetch | undefined> {
    const { data } = await reachDynamoDb(entity.get(fetchKeyOf(key)).go({ consistent: true }));
    return data === null ? undefined : parseFetchRow(data);
  }

  /** The row that refused a write. Not every DynamoDB sends it: then it is read. */
  async function refuserOf(key: FetchKey, sent: unknown): Promise<Fetch> {
    return sent ? parseFetchRow(sent) : ((await get(key)) ?? vanished(key));
  }

  const list = (provider: string, day: string) => listRows(entity, provider, day);

  return { claim, join, complete, withdraw, bury, get, list };
}

function listRows(entity: FetchEntity, provider: string, day: string): AsyncIterable<Fetch> {
  return listPages(
    (cursor) =>
      entity.scan
        .where((row, { eq }) => `${eq(row.provider, provider)} AND ${eq(row.day, day)}`)
        .go({ cursor, consistent: true }),
    parseFetchRow,
  );
}

// Rows never vanish within a day; a table wiped by hand looks like a record that another attempt has under way, and
// heals itself. What is written belongs to an attempt, which must not be taken for that one's.
function vanished({ provider, day, recordId }: FetchKey): Fetch {
  return {
    provider,
    day,
    recordId,
    status: "fetching",
    attempts: 0,
    history: [],
    attemptId: "",
    leaseUntilMs: 0,
    runId: "",
    correlationId: "",
  };
}
