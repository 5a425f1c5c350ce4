import type { Claim, ClaimResult, Completion, Fetch, FetchKey, FetchStore } from "../ports/fetch-store.ts";
import { recordKey } from "../records/record-key.ts";
import { createEntity } from "./entity.ts";
import { claimedAs, refusalOf } from "./fetch.ts";
import { FETCH_MODEL } from "./fetch-entity.ts";
import { parseFetchRow } from "./fetch-row.ts";
import type { Table } from "./table.ts";
import { orUnreachable } from "./unreachable.ts";

/** Rows are kept this long, so that yesterday can be looked into. */
const KEPT_FOR_MS = 30 * 24 * 60 * 60_000;

/** Asks for the row that stood in the way of a write, so that a refusal needs no second read (on AWS). */
const TELL_WHY = { returnOnConditionCheckFailure: "all_old" } as const;

/** {@link FetchStore} on DynamoDB. One write each for a claim and a completion; a read only to explain a refusal. */
export function createFetchStore(table: Table): FetchStore {
  const entity = createEntity(FETCH_MODEL, table);

  async function claim(request: Claim): Promise<ClaimResult> {
    const { attemptId, leaseUntilMs, runId, correlationId, nowMs, maxAttempts } = request;
    const granted = await reach(
      entity
        .update(keyOf(request))
        .set({
          recordId: request.recordId,
          status: "fetching",
          attemptId,
          leaseUntilMs,
          runId,
          correlationId,
        })
        .set({ expiresAtSeconds: expirySeconds(nowMs) })
        .add({ attempts: 1 })
        .where(
          ({ status, attempts, leaseUntilMs }, { notExists, eq, lt }) =>
            `(${notExists(status)}` +
            ` OR (${eq(status, "failed")} AND ${lt(attempts, maxAttempts)})` +
            ` OR (${eq(status, "fetching")} AND ${lt(leaseUntilMs, nowMs)}))`,
        )
        .go({ response: "all_new", ...TELL_WHY }),
    );
    if (!granted.rejected) {
      const { attempts, history } = parseFetchRow(granted.data);
      return claimedAs(attempts, history);
    }
    return explainRefusal(request, await rowInTheWay(request, granted.data));
  }

  async function explainRefusal(request: Claim, row: Fetch): Promise<ClaimResult> {
    if (row.status === "fetching" && row.attemptId === request.attemptId) {
      return claimedAs(row.attempts, row.history);
    }
    return row.status === "dead" && request.isRedriven ? revive(request) : refusalOf(row);
  }

  async function revive(request: Claim): Promise<ClaimResult> {
    const { attemptId, leaseUntilMs, runId, correlationId, nowMs } = request;
    const revived = await reach(
      entity
        .update(keyOf(request))
        .set({ status: "fetching", attempts: 1, history: [], attemptId, leaseUntilMs, runId, correlationId })
        .set({ expiresAtSeconds: expirySeconds(nowMs) })
        .where(({ status }, { eq }) => eq(status, "dead"))
        .go(TELL_WHY),
    );
    if (!revived.rejected) return { kind: "claimed", attempt: 1 };
    return explainRefusal({ ...request, isRedriven: false }, await rowInTheWay(request, revived.data));
  }

  async function complete(completion: Completion): Promise<"completed" | "superseded"> {
    const { attemptId, status, end } = completion;
    const own = entity.update(keyOf(completion));
    const change =
      status === "released"
        ? own.set({ status: "failed" }).subtract({ attempts: 1 })
        : own.set({ status }).append({ history: [{ attemptId, ...end }] });
    const done = await reach(
      change
        .where((row, { eq }) => `${eq(row.attemptId, attemptId)} AND ${eq(row.status, "fetching")}`)
        .go(TELL_WHY),
    );
    if (!done.rejected) return "completed";
    const row = await rowInTheWay(completion, done.data);
    return row.attemptId === attemptId ? "completed" : "superseded";
  }

  async function bury(key: FetchKey, nowMs: number): Promise<void> {
    await reach(
      entity
        .update(keyOf(key))
        .set({ status: "dead", expiresAtSeconds: expirySeconds(nowMs) })
        .where(({ status }, { eq }) => eq(status, "failed"))
        .go(TELL_WHY),
    );
  }

  async function get(key: FetchKey): Promise<Fetch | undefined> {
    const { data } = await reach(entity.get(keyOf(key)).go({ consistent: true }));
    return data === null ? undefined : parseFetchRow(data);
  }

  async function* list(provider: string, day: string): AsyncIterable<Fetch> {
    let cursor: string | null = null;
    do {
      const page: { data: unknown[]; cursor: string | null } = await reach(
        entity.scan
          .where((row, { eq }) => `${eq(row.provider, provider)} AND ${eq(row.day, day)}`)
          .go({ cursor, consistent: true }),
      );
      yield* page.data.map(parseFetchRow);
      cursor = page.cursor;
    } while (cursor !== null);
  }

  /** Not every DynamoDB answers a refused write with the row: then it is read. */
  async function rowInTheWay(key: FetchKey, told: unknown): Promise<Fetch> {
    if (told) return parseFetchRow(told);
    const row = await get(key);
    // Rows never vanish within a day; a table wiped by hand looks like a record under way, and heals by itself.
    return row ?? { ...NO_ROW, ...key };
  }

  return { claim, complete, bury, get, list };
}

const NO_ROW = {
  status: "fetching",
  attempts: 0,
  history: [],
  attemptId: "",
  leaseUntilMs: 0,
  runId: "",
  correlationId: "",
} as const;

function keyOf({ provider, day, recordId }: FetchKey) {
  return { provider, day, recordKey: recordKey(recordId) };
}

function expirySeconds(nowMs: number): number {
  return Math.ceil((nowMs + KEPT_FOR_MS) / 1_000);
}

function reach<T>(call: Promise<T>): Promise<T> {
  return orUnreachable("DynamoDB", call);
}
