import type { EnqueueResult } from "@sluice/core/scheduler";
import type { BrokenRule } from "./broken-rules.ts";
import type { Crash } from "./crash-log.ts";
import { type DeadCause, deadCausesOf } from "./dead-causes.ts";
import { countText, numberOf } from "./figure-text.ts";
import type { QuotaPeak } from "./quota-peaks.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { endsText, type RunLedger } from "./run-ledger.ts";
import type { Verdict } from "./verdict.ts";
import { type VerdictWord, verdictWordOf } from "./verdict-word.ts";

/** The result of a run, as `--json` prints it. */
export interface RunReport {
  readonly accepted: number;
  readonly duplicatesInRun: number;
  readonly rejectedInput: number;
  readonly fetched: number;
  readonly deadLettered: number;
  /** Reasons for which records died, the most frequent first. */
  readonly deadCauses: readonly DeadCause[];
  /** Of these, records that the provider would have served in good weather. */
  readonly healthyDeadLettered: number;
  readonly stillQueued: number;
  /** The run's ledger. */
  readonly run: RunLedger;
  /** Starts of the worker. */
  readonly attempts: number;
  readonly duplicateFetches: number;
  /** Fetches repeated because a crash swallowed the first one's end: the one exception of "once a day". */
  readonly crashWindowFetches: number;
  /** Records enqueued a second time through the express queue, as users do. */
  readonly express: number;
  /** Execution environments killed while they ran a call. */
  readonly kills: number;
  /** Decisions by which the closed breaker opened, … */
  readonly trips: number;
  /** … by which it began a probe, … */
  readonly probes: number;
  /** … and all of them. */
  readonly decisions: number;
  /** Changes of event source mappings. */
  readonly valveUpdates: number;
  readonly maxInFlight: number;
  readonly limit: number;
  /** Requests in flight while the provider was closed; absent if it has no access windows. */
  readonly whileClosed?: number;
  /** The most starts in a period of each of the provider's quotas. */
  readonly quotas: readonly QuotaPeak[];
  /** Holds that operators ordered. */
  readonly holds: number;
  /** Requests that started during one, after every process could know of it. */
  readonly whileHeld: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  /** Ends of execution environments that nobody wanted, most often of a worker that can't be loaded. */
  readonly crashes: readonly Crash[];
  readonly verdict: VerdictWord;
  readonly broken: readonly BrokenRule[];
}

/** The parts of a report. */
export interface RunResult {
  readonly enqueued: EnqueueResult;
  readonly expressCount: number;
  readonly killCount: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly isInterrupted: boolean;
  readonly crashes: readonly Crash[];
  readonly runEvidence: RunEvidence;
  readonly verdict: Verdict;
}

/** Puts a result into the words of the report. */
export function runReportOf(result: RunResult): RunReport {
  const { enqueued, runEvidence, verdict } = result;
  return {
    accepted: enqueued.accepted,
    duplicatesInRun: enqueued.duplicatesInRun,
    rejectedInput: enqueued.rejectedCount,
    fetched: verdict.fetched,
    deadLettered: verdict.deadLettered,
    deadCauses: deadCausesOf(runEvidence.rows),
    healthyDeadLettered: verdict.healthyDeadLettered,
    stillQueued: runEvidence.stillQueuedCount,
    run: runEvidence.run,
    attempts: verdict.attempts,
    duplicateFetches: verdict.duplicateFetches,
    crashWindowFetches: verdict.crashWindowFetches,
    express: result.expressCount,
    kills: result.killCount,
    trips: verdict.trips,
    probes: verdict.probes,
    decisions: verdict.decisions,
    valveUpdates: verdict.valveUpdates,
    maxInFlight: runEvidence.provider.mostInFlightCount,
    limit: runEvidence.maxConcurrency,
    ...(runEvidence.contract.windows && { whileClosed: verdict.whileClosedCount }),
    quotas: verdict.quotaPeaks,
    holds: verdict.holds.length,
    whileHeld: verdict.whileHeldCount,
    seconds: Math.round(result.durationMs / 100) / 10,
    interrupted: result.isInterrupted,
    crashes: result.crashes,
    verdict: verdictWordOf(result),
    broken: verdict.broken,
  };
}

/** Most rejected inputs that the report lists one by one. */
const REJECTED_LISTED = 5;

/** Most causes that it lists. */
const CAUSES_LISTED = 5;

/** The report as text, for people. */
export function runReportText(report: RunReport, { rejected, rejectedCount }: EnqueueResult): string {
  const { accepted, duplicatesInRun, fetched, deadLettered, stillQueued, attempts, express, seconds } =
    report;
  const listed = rejected.slice(0, REJECTED_LISTED);
  const left = report.interrupted ? ["", `Interrupted: ${stillQueued} messages are left in the queues.`] : [];
  return [
    "",
    `  enqueued        ${accepted} records, ${duplicatesInRun} repeated ids left out, ${rejectedCount} rejected`,
    ...listed.map(
      ({ index, id, reason }) => `                  input ${index} (${JSON.stringify(id)}): ${reason}`,
    ),
    ...(rejectedCount > listed.length ? [`                  and ${rejectedCount - listed.length} more`] : []),
    `  asked for again ${express} of them, through the express queue`,
    `  fetched         ${fetched} in ${seconds} s, with ${attempts} starts`,
    `  dead-lettered   ${deadLettered}`,
    ...deadCauseLines(report),
    `  still queued    ${stillQueued}`,
    `  in the ledger   ${endsText({ counts: report.run, open: report.run.open })}; ${completedText(report.run)}`,
    `  fetched twice   ${report.duplicateFetches}${afterCrash(report)}`,
    `  most in flight  ${report.maxInFlight} of ${report.limit} allowed`,
    ...contractLines(report),
    `  breaker         ${breakerText(report)}`,
    ...report.crashes.map(
      ({ functionName, text, count }) => `  crashed         ${functionName}, ${timesText(count)}: ${text}`,
    ),
    ...left,
    "",
    ...verdictLines(report),
    "",
  ].join("\n");
}

function deadCauseLines({ deadCauses }: RunReport): string[] {
  const indent = " ".repeat(18);
  const left = deadCauses.length - CAUSES_LISTED;
  return [
    ...deadCauses
      .slice(0, CAUSES_LISTED)
      .map(({ count, cause, recordId }) => `${indent}${count}: ${cause} (${JSON.stringify(recordId)})`),
    ...(left > 0 ? [`${indent}and ${left} more causes`] : []),
  ];
}

function completedText({ completedEvents }: RunLedger): string {
  return completedEvents === 0 ? "nobody was told that it is completed" : "told once that it is completed";
}

/** Lines about windows, quotas and holds; none of what the run had not. */
function contractLines({ whileClosed, quotas, holds, whileHeld }: RunReport): string[] {
  return [
    ...(whileClosed === undefined ? [] : [`  while closed    ${whileClosed} requests`]),
    ...quotas.map(
      ({ per, requests, mostStarts }) =>
        `  most a ${per.padEnd(8)} ${countText(mostStarts)} starts of ${countText(requests)} allowed`,
    ),
    ...(holds === 0 ? [] : [`  while held      ${whileHeld} starts, in ${numberOf(holds, "hold")}`]),
  ];
}

function breakerText({ trips, probes, decisions, valveUpdates }: RunReport): string {
  if (decisions === 0) return "never had to do anything";
  const parts = `${numberOf(trips, "trip")} and ${numberOf(probes, "probe")}`;
  return `${numberOf(decisions, "decision")}, among them ${parts}; ${numberOf(valveUpdates, "valve update")}`;
}

function afterCrash({ crashWindowFetches, kills }: RunReport): string {
  if (kills === 0 && crashWindowFetches === 0) return "";
  return ` (and ${crashWindowFetches} because of a crash, after ${kills} kills)`;
}

function verdictLines({ verdict, broken }: RunReport): string[] {
  if (verdict !== "broken") return [`verdict: ${VERDICTS[verdict]}`];
  return ["verdict: broken", ...broken.map(({ rule, what }) => `  ${rule}: ${what}`)];
}

const VERDICTS: Readonly<Record<Exclude<VerdictWord, "broken">, string>> = {
  ok: "ok",
  interrupted: "interrupted; no rule was broken until then",
  "nothing-accepted": "nothing accepted; there was no record to fetch",
};

function timesText(count: number): string {
  return count === 1 ? "once" : `${countText(count)} times`;
}
