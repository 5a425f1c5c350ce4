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
import { chargeOf, claimedAs, completedAs, isCutOff, refusalOf, withdrawalOf } from "./fetch.ts";

/** {@link FetchStore} in memory, for tests and simulation; grants and refuses as the one on DynamoDB does. */
export function createMemoryFetchStore(): FetchStore {
  const rows = new Map<string, Fetch>();

  async function claim(request: ClaimRequest): Promise<ClaimResult> {
    const row = rows.get(nameOf(request));
    if (row?.status === "fetching" && row.attemptId === request.attemptId) return claimedAs(row);
    if (row !== undefined && !isClaimable(row, request)) return refusalOf(row, request);
    const started = startedRow(row?.status === "dead" ? undefined : row, request);
    rows.set(nameOf(request), started);
    return claimedAs(started);
  }

  async function join(
    key: FetchKey,
    attemptId: string,
    { runId, number }: Waiting,
  ): Promise<"joined" | "over"> {
    const row = rows.get(nameOf(key));
    if (row?.attemptId !== attemptId || row.status !== "fetching") return "over";
    const { waiting = [] } = row;
    const isKnown = waiting.some((each) => each.runId === runId && each.number === number);
    if (!isKnown) rows.set(nameOf(key), { ...row, waiting: [...waiting, { runId, number }] });
    return "joined";
  }

  async function complete(completion: Completion): Promise<CompletionResult> {
    const row = rows.get(nameOf(completion));
    if (row?.attemptId === completion.attemptId && row.status === "fetching") {
      rows.set(nameOf(completion), endedRow(row, completion));
    }
    return row === undefined ? { kind: "superseded" } : completedAs(row, completion);
  }

  async function withdraw(request: ClaimRequest): Promise<void> {
    if ((await complete(withdrawalOf(request))).kind === "completed") return;
    const row = rows.get(nameOf(request));
    if (row === undefined || isWithdrawable(row, request)) {
      rows.set(nameOf(request), withdrawnRow(row, request));
    }
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

  return { claim, join, complete, withdraw, bury, get, list };
}

function startedRow(before: Fetch | undefined, request: ClaimRequest): Fetch {
  const { provider, day, recordId, attemptId, leaseUntilMs, runId, correlationId, nowMs, isFree } = request;
  const { attempts = 0, freeStarts = 0, history = [] } = before ?? {};
  const freeNow = freeStarts + (isFree ? 1 : 0);
  return {
    provider,
    day,
    recordId,
    status: "fetching",
    attempts: isFree ? attempts : attempts + 1,
    ...((isFree || before?.freeStarts !== undefined) && { freeStarts: freeNow }),
    ...(isFree && { isFree }),
    history,
    attemptId,
    claimedAtMs: nowMs,
    leaseUntilMs,
    runId,
    correlationId,
  };
}

function isWithdrawable(row: Fetch, { nowMs }: ClaimRequest): boolean {
  return (row.claimedAtMs ?? 0) <= nowMs && (row.status === "failed" || isCutOff(row, nowMs));
}

function withdrawnRow(before: Fetch | undefined, request: ClaimRequest): Fetch {
  const { provider, day, recordId, attemptId, leaseUntilMs, runId, correlationId, nowMs } = request;
  const names = {
    provider,
    day,
    recordId,
    attemptId,
    leaseUntilMs,
    runId,
    correlationId,
    claimedAtMs: nowMs,
  };
  const { isFree: _, ...kept } = before ?? { attempts: 0, history: [] };
  return { ...kept, ...names, status: "failed" };
}

function endedRow(row: Fetch, completion: Completion): Fetch {
  const { attemptId, status, isNoted, end } = completion;
  const charge = chargeOf(completion);
  const charged = {
    ...row,
    attempts: row.attempts + charge.attempts,
    ...(row.freeStarts !== undefined && { freeStarts: row.freeStarts + charge.freeStarts }),
  };
  if (status !== "released") return { ...charged, status, history: [...row.history, { attemptId, ...end }] };
  const noted = isNoted ? [{ attemptId, ...end, isFree: true as const }] : [];
  return { ...charged, status: "failed", history: [...row.history, ...noted] };
}

function isClaimable(row: Fetch, request: ClaimRequest): boolean {
  if ((row.claimedAtMs ?? 0) > request.nowMs || row.attemptId === request.attemptId) return false;
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
