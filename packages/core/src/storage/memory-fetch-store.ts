import type {
  ClaimRequest,
  ClaimResult,
  Completion,
  Fetch,
  FetchKey,
  FetchStore,
} from "../ports/fetch-store.ts";
import { claimedAs, isCutOff, refusalOf } from "./fetch.ts";

/** {@link FetchStore} in memory, for tests and simulation; grants and refuses as the one on DynamoDB does. */
export function createMemoryFetchStore(): FetchStore {
  const rows = new Map<string, Fetch>();

  async function claim(request: ClaimRequest): Promise<ClaimResult> {
    const row = rows.get(nameOf(request));
    if (row?.status === "fetching" && row.attemptId === request.attemptId) {
      return claimedAs(row.attempts, row.history);
    }
    if (row !== undefined && !isFree(row, request)) return refusalOf(row, request.nowMs);
    const isFresh = row === undefined || row.status === "dead";
    const { provider, day, recordId, attemptId, leaseUntilMs, runId, correlationId } = request;
    const attempts = isFresh ? 1 : row.attempts + 1;
    const history = isFresh ? [] : row.history;
    const key = { provider, day, recordId };
    const next = {
      status: "fetching",
      attempts,
      history,
      attemptId,
      leaseUntilMs,
      runId,
      correlationId,
    } as const;
    rows.set(nameOf(request), { ...key, ...next });
    return claimedAs(attempts, history);
  }

  async function complete(completion: Completion): Promise<"completed" | "superseded"> {
    const row = rows.get(nameOf(completion));
    if (row?.attemptId !== completion.attemptId) return "superseded";
    if (row.status !== "fetching") return "completed";
    rows.set(nameOf(completion), endedRow(row, completion));
    return "completed";
  }

  async function bury(key: FetchKey, nowMs: number): Promise<void> {
    const row = rows.get(nameOf(key));
    if (row?.status === "failed" || (row !== undefined && isCutOff(row, nowMs))) {
      rows.set(nameOf(key), { ...row, status: "dead" });
    }
  }

  async function get(key: FetchKey): Promise<Fetch | undefined> {
    return rows.get(nameOf(key));
  }

  async function* list(provider: string, day: string): AsyncIterable<Fetch> {
    for (const row of rows.values()) {
      if (row.provider === provider && row.day === day) yield row;
    }
  }

  return { claim, complete, bury, get, list };
}

function endedRow(row: Fetch, { attemptId, status, isNoted, end }: Completion): Fetch {
  if (status !== "released") return { ...row, status, history: [...row.history, { attemptId, ...end }] };
  const noted = isNoted ? [{ attemptId, ...end, isFree: true as const }] : [];
  return { ...row, status: "failed", attempts: row.attempts - 1, history: [...row.history, ...noted] };
}

function isFree(row: Fetch, request: ClaimRequest): boolean {
  switch (row.status) {
    case "fetched":
      return false;
    case "dead":
      return request.isRedriven;
    case "failed":
      return row.attempts < request.maxAttempts;
    case "fetching":
      return row.attempts < request.maxAttempts && isCutOff(row, request.nowMs);
  }
}

function nameOf({ provider, day, recordId }: FetchKey): string {
  return JSON.stringify([provider, day, recordId]);
}
