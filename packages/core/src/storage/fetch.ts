import type { Attempt, ClaimResult, Fetch, PastFault } from "../ports/fetch-store.ts";

/** The refusal of a claim by its row. */
export function refusalOf(fetch: Fetch): ClaimResult {
  switch (fetch.status) {
    case "fetched":
      return { kind: "fetched" };
    case "dead":
      return { kind: "dead" };
    case "fetching":
      return { kind: "in-flight", leaseUntilMs: fetch.leaseUntilMs };
    case "failed":
      return { kind: "exhausted", attempts: fetch.attempts, cause: lastCauseOf(fetch) };
  }
}

/** Counts the starts that a crash cut off: the provider may have answered them, and no row says so. */
export function cutOffCount(fetch: Fetch): number {
  const underWay = fetch.status === "fetching" ? 1 : 0;
  const charged = fetch.history.filter(({ isFree }) => isFree !== true);
  const crashed = charged.filter(({ outcome }) => outcome === "unavailable").length;
  return fetch.attempts - underWay - charged.length + crashed;
}

function lastCauseOf(fetch: Fetch): string {
  return fetch.history.at(-1)?.cause ?? "every attempt was cut off";
}

/** A granted claim of a record with this history. */
export function claimedAs(attempt: number, history: readonly Attempt[]): ClaimResult {
  const faults = faultsIn(history);
  return { kind: "claimed", attempt, ...(faults.length === 0 ? {} : { faults }) };
}

/** The provider's faults in a record's history, oldest first. */
export function faultsIn(history: readonly Attempt[]): PastFault[] {
  return history
    .filter(({ outcome }) => outcome === "fault")
    .map(({ endedAtMs, lastOkAtMs }) => ({
      endedAtMs,
      ...(lastOkAtMs === undefined ? {} : { lastOkAtMs }),
    }));
}
