import type { BreakerEvent, Fetch } from "@sluice/core/ports";
import { cutOffCount } from "@sluice/core/storage";
import { brokenLinks, decisionsIn, isProbe, isTrip } from "./decisions.ts";

/** What a run left behind, gathered from the provider, the table and the queues. */
export interface RunEvidence {
  /** Valid, distinct ids of the input: what must not be lost. */
  readonly expectedIds: ReadonlySet<string>;
  /** What the scheduler says it has enqueued. */
  readonly acceptedCount: number;
  /** Whether the run was stopped: what had been read but not enqueued by then is not lost. */
  readonly isInterrupted: boolean;
  /** Rows of the table, of every provider day that the run touched. */
  readonly rows: readonly Fetch[];
  /** Ids of the records in the dead-letter queue that carry a cause. */
  readonly deadLetterIds: ReadonlySet<string>;
  readonly stillQueuedCount: number;
  readonly provider: ProviderObservations;
  /** X. */
  readonly maxConcurrency: number;
  readonly maxAttempts: number;
  /** What the breaker says that it did, in any order. */
  readonly events: readonly BreakerEvent[];
  /** Updates of event source mappings that were accepted. */
  readonly acceptedUpdateCount: number;
  /** Execution environments that were killed: each may have left one thing undone. */
  readonly killCount: number;
  /** Whether nothing in this run can use up the attempts of a record that is well. */
  readonly mustSpareHealthy: boolean;
  /** Whether this record fails at the provider whatever happens. */
  isHopeless(recordId: string): boolean;
  /** Set if nothing moved any more although something was left to do. */
  readonly stalledAfterMs?: number;
}

/** What the provider saw. */
export interface ProviderObservations {
  readonly mostInFlightCount: number;
  readonly startsDuringRetryAfterCount: number;
  /** Records answered successfully more than once on a day. */
  readonly servedAgain: readonly {
    readonly day: string;
    readonly recordId: string;
    readonly count: number;
  }[];
  wasServed(recordId: string): boolean;
}

/** A rule of the design that the run broke. */
export interface BrokenRule {
  readonly rule: string;
  readonly what: string;
}

/** What the evidence proves. */
export interface Verdict {
  readonly fetched: number;
  readonly deadLettered: number;
  readonly attempts: number;
  /** Successful answers beyond the first for a record and day, where no crash explains them. */
  readonly duplicateFetches: number;
  /** Those that a crash between the provider's answer and the completing write explains. */
  readonly crashWindowFetches: number;
  /** Records in the dead-letter queue that the provider would have served in good weather. */
  readonly healthyDeadLettered: number;
  readonly trips: number;
  readonly probes: number;
  readonly decisions: number;
  /** Changes of event source mappings. */
  readonly valveUpdates: number;
  readonly broken: readonly BrokenRule[];
}

/** Examples of ids that a message names. */
const EXAMPLES = 3;

/** Judges a run by its evidence, rule by rule. */
export function judgeRun(evidence: RunEvidence): Verdict {
  const fetchedIds = idsWith(evidence.rows, "fetched");
  const deadIds = idsWith(evidence.rows, "dead");
  const { duplicateFetches, crashWindowFetches } = countFetchedAgain(evidence);
  const lostIds = [...evidence.expectedIds].filter(
    (id) => !fetchedIds.has(id) && !(deadIds.has(id) && evidence.deadLetterIds.has(id)),
  );
  const unsent = [...deadIds].filter((id) => !evidence.deadLetterIds.has(id));
  const unserved = [...fetchedIds].filter((id) => !evidence.provider.wasServed(id));
  const tooEarly = evidence.rows.filter((row) => isDeadTooEarly(row, evidence.maxAttempts));
  const healthyDeadIds = [...evidence.deadLetterIds].filter((id) => !evidence.isHopeless(id));
  const decisions = decisionsIn(evidence.events);
  const links = brokenLinks(decisions);
  const valveEventCount = evidence.events.filter(({ kind }) => kind === "valve").length;
  const unexplainedUpdateCount = evidence.acceptedUpdateCount - valveEventCount;
  const { killCount } = evidence;
  const { mostInFlightCount, startsDuringRetryAfterCount } = evidence.provider;
  const unsentCount = evidence.isInterrupted ? evidence.expectedIds.size - evidence.acceptedCount : 0;
  const checks: readonly [isBroken: boolean, rule: string, what: string][] = [
    [
      mostInFlightCount > evidence.maxConcurrency,
      "bound",
      `${mostInFlightCount} requests in flight, ${evidence.maxConcurrency} allowed`,
    ],
    [
      startsDuringRetryAfterCount > 0,
      "bound",
      `${startsDuringRetryAfterCount} requests while the provider had asked us to wait`,
    ],
    [duplicateFetches > 0, "once a day", `${duplicateFetches} records fetched again on the same day`],
    [
      lostIds.length > evidence.stillQueuedCount + unsentCount,
      "nothing lost",
      `${lostIds.length} records are neither fetched nor dead-lettered, and ${evidence.stillQueuedCount} are queued: ${examples(lostIds)}`,
    ],
    [
      unsent.length > 0,
      "nothing lost",
      `${unsent.length} records are dead without a dead letter: ${examples(unsent)}`,
    ],
    [
      evidence.acceptedCount + unsentCount !== evidence.expectedIds.size,
      "nothing lost",
      `${evidence.acceptedCount} records enqueued of ${evidence.expectedIds.size} valid ones`,
    ],
    [
      tooEarly.length > 0,
      "attempts are starts",
      `${tooEarly.length} records died before their attempts were used up: ${examples(tooEarly.map(({ recordId }) => recordId))}`,
    ],
    [
      healthyDeadIds.length > 0 && evidence.mustSpareHealthy,
      "attempts are starts",
      `${healthyDeadIds.length} records died that the provider would have served: ${examples(healthyDeadIds)}`,
    ],
    [
      evidence.stalledAfterMs !== undefined,
      "no stuck state",
      `nothing moved for ${(evidence.stalledAfterMs ?? 0) / 1_000} s`,
    ],
    [
      unexplainedUpdateCount < 0 || unexplainedUpdateCount > killCount,
      "only the breaker turns the valve",
      `${evidence.acceptedUpdateCount} updates of event source mappings, ${valveEventCount} of the breaker's`,
    ],
    [
      links.length > killCount,
      "late news is not news",
      `decisions that do not follow from the one before: ${links.slice(0, EXAMPLES).join("; ")}`,
    ],
    [
      unserved.length > 0,
      "replies are the worker's own",
      `${unserved.length} records count as fetched that the provider never served: ${examples(unserved)}`,
    ],
  ];
  return {
    fetched: fetchedIds.size,
    deadLettered: evidence.deadLetterIds.size,
    attempts: evidence.rows.reduce((sum, { attempts }) => sum + attempts, 0),
    duplicateFetches,
    crashWindowFetches,
    healthyDeadLettered: healthyDeadIds.length,
    trips: decisions.filter(isTrip).length,
    probes: decisions.filter(isProbe).length,
    decisions: decisions.length,
    valveUpdates: evidence.acceptedUpdateCount,
    broken: checks.filter(([isBroken]) => isBroken).map(([, rule, what]) => ({ rule, what })),
  };
}

/** A record fetched n times is a duplicate n − 1 times, less the attempts whose end a crash swallowed. */
function countFetchedAgain({ rows, provider }: RunEvidence): {
  duplicateFetches: number;
  crashWindowFetches: number;
} {
  const cutOffs = new Map(rows.map((row) => [JSON.stringify([row.day, row.recordId]), cutOffCount(row)]));
  let duplicateFetches = 0;
  let crashWindowFetches = 0;
  for (const { day, recordId, count } of provider.servedAgain) {
    const explained = Math.min(count - 1, cutOffs.get(JSON.stringify([day, recordId])) ?? 0);
    crashWindowFetches += explained;
    duplicateFetches += count - 1 - explained;
  }
  return { duplicateFetches, crashWindowFetches };
}

function idsWith(rows: readonly Fetch[], status: Fetch["status"]): ReadonlySet<string> {
  return new Set(rows.filter((row) => row.status === status).map(({ recordId }) => recordId));
}

function isDeadTooEarly({ status, attempts, history }: Fetch, maxAttempts: number): boolean {
  return status === "dead" && history.at(-1)?.outcome !== "rejected" && attempts < maxAttempts;
}

function examples(ids: readonly string[]): string {
  const named = ids.slice(0, EXAMPLES).map((id) => JSON.stringify(id));
  return ids.length > EXAMPLES ? `${named.join(", ")}, …` : named.join(", ");
}
