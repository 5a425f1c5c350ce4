import type { Attempt, ClaimResult, Fetch } from "../ports/fetch-store.ts";

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
  const crashed = fetch.history.filter(({ outcome }) => outcome === "unavailable").length;
  return fetch.attempts - underWay - fetch.history.length + crashed;
}

function lastCauseOf(fetch: Fetch): string {
  return fetch.history.at(-1)?.cause ?? "every attempt was cut off";
}

/** A granted claim of a record with this history. */
export function claimedAs(attempt: number, history: readonly Attempt[]): ClaimResult {
  const firstFault = history.find(({ outcome }) => outcome === "fault");
  return firstFault === undefined
    ? { kind: "claimed", attempt }
    : { kind: "claimed", attempt, firstFaultAtMs: firstFault.endedAtMs };
}
