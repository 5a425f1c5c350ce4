import type {
  Attempt,
  ClaimRequest,
  ClaimResult,
  Completion,
  CompletionResult,
  Fetch,
  PastFault,
} from "../ports/fetch-store.ts";

/** A claim, as far as a refusal depends on it. */
type Refused = Pick<ClaimRequest, "nowMs" | "maxAttempts">;

/**
 * The refusal of a claim by its row. A record with attempts left that has failed, or whose lease has run out, refuses only
 * a claim that is its last one, or an earlier one.
 */
export function refusalOf(fetch: Fetch, { nowMs, maxAttempts }: Refused): ClaimResult {
  const { claimedAtMs = 0, attempts } = fetch;
  const late: ClaimResult = { kind: "in-flight", leaseUntilMs: claimedAtMs };
  switch (fetch.status) {
    case "fetched":
      return { kind: "fetched", runId: fetch.runId };
    case "dead":
      return { kind: "dead", cause: lastCauseOf(fetch) };
    case "fetching":
      if (!isCutOff(fetch, nowMs)) return inFlight(fetch);
      return attempts < maxAttempts ? late : { kind: "exhausted", attempts, cause: cutOffCauseOf(fetch) };
    case "failed":
      return attempts < maxAttempts ? late : { kind: "exhausted", attempts, cause: lastCauseOf(fetch) };
  }
}

function inFlight({ leaseUntilMs, attemptId, runId, waiting = [] }: Fetch): ClaimResult {
  return { kind: "in-flight", leaseUntilMs, attempt: { attemptId, runId, waiting } };
}

/** Counts the starts that a crash cut off: the provider may have answered them, and no row says so. */
export function cutOffCount(fetch: Fetch): number {
  const underWay = fetch.status === "fetching" ? 1 : 0;
  const charged = chargedIn(fetch);
  const crashed = charged.filter(({ outcome }) => outcome === "unavailable").length;
  return fetch.attempts + (fetch.freeStarts ?? 0) - underWay - charged.length + crashed;
}

/** The change that the end of a start makes to the row's charged starts, and to its free ones without an answer. */
export function chargeOf({ status, isFree, isCutOff }: Completion): {
  readonly attempts: -1 | 0 | 1;
  readonly freeStarts: -1 | 0;
} {
  const isReleased = status === "released";
  if (!isFree) return { attempts: isReleased ? -1 : 0, freeStarts: 0 };
  return { attempts: isReleased ? 0 : 1, freeStarts: isCutOff ? 0 : -1 };
}

function chargedIn({ history }: Fetch): readonly Attempt[] {
  return history.filter(({ isFree }) => isFree !== true);
}

/** True for a record whose attempt can't have an end any more: its lease has run out. */
export function isCutOff({ status, leaseUntilMs }: Fetch, nowMs: number): boolean {
  return status === "fetching" && leaseUntilMs < nowMs;
}

function lastCauseOf(fetch: Fetch): string {
  return fetch.history.at(-1)?.cause ?? cutOffCauseOf(fetch);
}

/** The cause of a record's death if nobody has recorded the end of its last attempt. */
function cutOffCauseOf(fetch: Fetch): string {
  const { attempts, history } = fetch;
  const recorded = history.at(-1)?.cause;
  const before = recorded === undefined ? "" : `; before: ${recorded}`;
  return `${attempts - chargedIn(fetch).length} of ${attempts} attempts were cut off${before}`;
}

/** The end of a claim that led to no start. */
export function withdrawalOf(claim: ClaimRequest): Completion {
  const { provider, day, recordId, attemptId, isFree, nowMs } = claim;
  const names = { provider, day, recordId, attemptId, ...(isFree && { isFree }) };
  return {
    ...names,
    status: "released",
    end: { startedAtMs: nowMs, endedAtMs: nowMs, outcome: "unavailable" },
  };
}

/** The answer to a completion, by the row as it is then. */
export function completedAs(
  { attemptId, waiting = [] }: Pick<Fetch, "attemptId" | "waiting">,
  completion: Completion,
): CompletionResult {
  return attemptId === completion.attemptId ? { kind: "completed", waiting } : { kind: "superseded" };
}

/** A granted claim, as the row has it. */
export function claimedAs({
  attempts,
  isFree,
  history,
}: Pick<Fetch, "attempts" | "isFree" | "history">): ClaimResult {
  const faults = faultsIn(history);
  const rejections = history.filter(({ outcome }) => outcome === "rejected");
  const firstRejectedAtMs = rejections[0]?.endedAtMs;
  return {
    kind: "claimed",
    attempt: isFree ? attempts + 1 : attempts,
    ...(faults.length > 0 && { faults }),
    ...(firstRejectedAtMs !== undefined && { rejectionCount: rejections.length, firstRejectedAtMs }),
  };
}

/** The provider's faults in a record's history, oldest first. */
export function faultsIn(history: readonly Attempt[]): PastFault[] {
  return history
    .filter(({ outcome }) => outcome === "fault")
    .map(({ endedAtMs, lastOkAtMs, isFree }) => ({
      endedAtMs,
      ...(lastOkAtMs === undefined ? {} : { lastOkAtMs }),
      ...(isFree && { isFree }),
    }));
}
