import type { Fetch } from "@sluice/core/ports";
import { brokenLinks } from "./decisions.ts";
import type { RunFindings } from "./run-findings.ts";

/** A rule of the design that a run broke, and one way in which it did. */
export interface BrokenRule {
  readonly rule: string;
  readonly what: string;
}

/** One way in which a run may break a rule, in words. */
type Check = readonly [isBroken: boolean, what: string];

type Rule = (findings: RunFindings) => readonly Check[];

/** Most ids or decisions that a text names. */
const EXAMPLES_MAX = 3;

/** The rules that can be judged from outside, by their names in the README. */
const RULES: Readonly<Record<string, Rule>> = {
  bound,
  "once a day": onceADay,
  "nothing lost": nothingLost,
  "attempts are starts": attemptsAreStarts,
  "no stuck state": noStuckState,
  "only the breaker turns the valve": onlyTheBreakerTurnsTheValve,
  "late news is not news": lateNewsIsNotNews,
  "replies are the worker's own": repliesAreTheWorkersOwn,
  window,
  quota,
  operators,
  ledger,
};

/** The rules that a run broke; a rule that it broke in several ways comes once for each. */
export function brokenRules(findings: RunFindings): BrokenRule[] {
  return Object.entries(RULES).flatMap(([rule, checksOf]) =>
    checksOf(findings)
      .filter(([isBroken]) => isBroken)
      .map(([, what]) => ({ rule, what })),
  );
}

function bound({ provider, maxConcurrency }: RunFindings): Check[] {
  const { mostInFlightCount, startsDuringRetryAfterCount } = provider;
  return [
    [
      mostInFlightCount > maxConcurrency,
      `${mostInFlightCount} requests in flight, ${maxConcurrency} allowed`,
    ],
    [
      startsDuringRetryAfterCount > 0,
      `${startsDuringRetryAfterCount} requests while the provider had asked us to wait`,
    ],
  ];
}

function onceADay({ duplicateFetchCount }: RunFindings): Check[] {
  return [[duplicateFetchCount > 0, `${duplicateFetchCount} records fetched again on the same day`]];
}

function nothingLost(findings: RunFindings): Check[] {
  const { expectedIds, acceptedCount, fetchedIds, deadIds, deadLetterIds, stillQueuedCount } = findings;
  const unsentCount = findings.isInterrupted ? expectedIds.size - acceptedCount : 0;
  const lostIds = [...expectedIds].filter(
    (id) => !fetchedIds.has(id) && !(deadIds.has(id) && deadLetterIds.has(id)),
  );
  const letterlessIds = [...deadIds].filter((id) => !deadLetterIds.has(id));
  return [
    [
      lostIds.length > stillQueuedCount + unsentCount,
      `${lostIds.length} records are neither fetched nor dead-lettered, and ${stillQueuedCount} are queued: ${examples(lostIds)}`,
    ],
    [
      letterlessIds.length > 0,
      `${letterlessIds.length} records are dead without a dead letter: ${examples(letterlessIds)}`,
    ],
    [
      acceptedCount + unsentCount !== expectedIds.size,
      `${acceptedCount} records enqueued of ${expectedIds.size} valid ones`,
    ],
  ];
}

function attemptsAreStarts({ rows, maxAttempts, healthyDeadIds, mustSpareHealthy }: RunFindings): Check[] {
  const tooEarlyIds = rows.filter((row) => isDeadTooEarly(row, maxAttempts)).map(({ recordId }) => recordId);
  return [
    [
      tooEarlyIds.length > 0,
      `${tooEarlyIds.length} records died before their attempts were used up: ${examples(tooEarlyIds)}`,
    ],
    [
      healthyDeadIds.length > 0 && mustSpareHealthy,
      `${healthyDeadIds.length} records died that the provider would have served: ${examples(healthyDeadIds)}`,
    ],
  ];
}

function isDeadTooEarly({ status, attempts, history }: Fetch, maxAttempts: number): boolean {
  return status === "dead" && history.at(-1)?.outcome !== "rejected" && attempts < maxAttempts;
}

function noStuckState({ stalledAfterMs }: RunFindings): Check[] {
  return [[stalledAfterMs !== undefined, `nothing moved for ${(stalledAfterMs ?? 0) / 1_000} s`]];
}

/** An update is stored as an event after it is made, so that each kill may have cut one off in between. */
function onlyTheBreakerTurnsTheValve({ events, acceptedUpdateCount, killCount }: RunFindings): Check[] {
  const valveEventCount = events.filter(({ kind }) => kind === "valve").length;
  const unexplainedCount = acceptedUpdateCount - valveEventCount;
  return [
    [
      unexplainedCount < 0 || unexplainedCount > killCount,
      `${acceptedUpdateCount} updates of event source mappings, ${valveEventCount} of the breaker's`,
    ],
  ];
}

function lateNewsIsNotNews({ decisions, killCount }: RunFindings): Check[] {
  const links = brokenLinks(decisions);
  return [
    [
      links.length > killCount,
      `decisions that do not follow from the one before: ${links.slice(0, EXAMPLES_MAX).join("; ")}`,
    ],
  ];
}

function repliesAreTheWorkersOwn({ fetchedIds, provider }: RunFindings): Check[] {
  const unservedIds = [...fetchedIds].filter((id) => !provider.wasServed(id));
  return [
    [
      unservedIds.length > 0,
      `${unservedIds.length} records count as fetched that the provider never served: ${examples(unservedIds)}`,
    ],
  ];
}

function window({ whileClosedCount }: RunFindings): Check[] {
  return [[whileClosedCount > 0, `${whileClosedCount} requests in flight while the provider was closed`]];
}

function quota({ quotaPeaks }: RunFindings): Check[] {
  return quotaPeaks.map(({ per, requests, mostStarts }) => [
    mostStarts > requests,
    `${mostStarts} requests started in a ${per}, ${requests} allowed`,
  ]);
}

function operators({ whileHeldCount }: RunFindings): Check[] {
  return [[whileHeldCount > 0, `${whileHeldCount} requests started while an operator held the provider`]];
}

function examples(ids: readonly string[]): string {
  const named = ids.slice(0, EXAMPLES_MAX).map((id) => JSON.stringify(id));
  return ids.length > EXAMPLES_MAX ? `${named.join(", ")}, …` : named.join(", ");
}

function ledger({
  run,
  fetchedIds,
  deadIds,
  expectedIds,
  acceptedCount,
  isInterrupted,
  stillQueuedCount,
}: RunFindings): Check[] {
  const { accepted, fetched, fetchedBefore, dead, open, completedEvents } = run;
  const ofRun = (ids: ReadonlySet<string>) => [...expectedIds].filter((id) => ids.has(id)).length;
  const isDone = !isInterrupted && stillQueuedCount === 0;
  return [
    [
      isDone && accepted !== acceptedCount,
      `the ledger has ${accepted} records, and ${acceptedCount} were accepted`,
    ],
    [isDone && open > 0, `${open} records are open in the ledger, and nothing is queued`],
    [
      isDone && fetched + fetchedBefore !== ofRun(fetchedIds),
      `the ledger has ${fetched} fetched and ${fetchedBefore} fetched before, the table ${ofRun(fetchedIds)}`,
    ],
    [isDone && dead !== ofRun(deadIds), `the ledger has ${dead} dead, the table ${ofRun(deadIds)}`],
    [
      isDone && accepted > 0 && completedEvents !== 1,
      `${completedEvents} events tell that the run is completed`,
    ],
  ];
}
