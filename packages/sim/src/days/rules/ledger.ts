import { RECORD_ENDS, type RecordEnd } from "@sluice/core/records";
import type { DatedEvent, RunSeen } from "../day-event.ts";
import type { Breach, DayEnd, Rule, RuleContext } from "./rule.ts";
import { createSeenRuns, type SeenRun, type SeenRuns } from "./seen-runs.ts";

/** A run that nobody completes in this time after its last record's end is never completed: the waker's rounds are a minute. */
const COMPLETED_WITHIN_MS = 4 * 60_000;
/** Time from the decision to start a record to its request: a claim, an invocation with a cold start, and skewed clocks. */
const STARTING_MS = 15_000;
/** A cancelled run stops in this time. */
const STOPPED_WITHIN_MS = 5_000;

/** Faults that keep a process from reading a run, or from starting what it has decided on. */
function isInTheWay(fault: RuleContext["story"]["faults"][number]): boolean {
  return (
    fault.kind === "freeze" ||
    ("service" in fault && fault.service !== "sqs" && fault.service !== "eventbridge")
  );
}

/** The most by which clocks of a day differ. */
const CLOCK_SKEW_MS = 2_000;

/**
 * Rule 11: a message goes only when its record's end is noted, and what is noted is true; a run is completed once, and
 * told of, when each of its records has had its end, and not before; nothing starts after a deadline or a cancel.
 */
export function ledgerRule({ story }: Pick<RuleContext, "story">): Rule {
  const seen = createSeenRuns();
  const canReadRuns = !story.faults.some(isInTheWay);
  return {
    name: "ledger",
    see(event) {
      seen.note(event);
      switch (event.kind) {
        case "started":
          return started(event, seen, canReadRuns);
        case "run":
          return changed(seen.of(event.row.runId), event.row);
        case "announced":
          return event.news === "Run Completed" ? announced(event, seen) : undefined;
        case "deleted":
          return event.by === "request" && !event.hasCopy ? deleted(event, seen) : undefined;
        default:
          return undefined;
      }
    },
    atEnd: (end) => atEnd(end, seen),
  };
}

function started(
  { attemptId, recordId, atMs }: Extract<DatedEvent, { kind: "started" }>,
  seen: SeenRuns,
  canReadRuns: boolean,
): Breach | undefined {
  const name = seen.ofAttempt.get(attemptId);
  const row = name === undefined ? undefined : seen.all.get(name)?.row;
  if (row === undefined || seen.redriven.has(recordId)) return undefined;
  const { deadlineMs = Number.POSITIVE_INFINITY, cancelledAtMs = Number.POSITIVE_INFINITY } = row;
  if (atMs > deadlineMs + STARTING_MS)
    return { what: `${recordId} was started after its deadline`, recordId };
  if (!canReadRuns || atMs <= cancelledAtMs + STOPPED_WITHIN_MS + STARTING_MS) return undefined;
  return { what: `${recordId} was started after run ${name} was cancelled`, recordId };
}

function changed(run: SeenRun, row: RunSeen): Breach | undefined {
  const before = run.row?.completion;
  run.row = row;
  if (row.completion === undefined) {
    return before === undefined ? undefined : { what: `run ${row.runId} is open again` };
  }
  if (before !== undefined) {
    const isSame = before.completedAtMs === row.completion.completedAtMs;
    return isSame ? undefined : { what: `run ${row.runId} is completed a second time` };
  }
  const { accepted, sum } = { accepted: row.plannedCount, sum: sumOf(row.completion.counts) };
  if (row.isSealed && sum === accepted && run.ends.size === accepted) return undefined;
  return {
    what: `run ${row.runId} is completed with ${sum} of ${accepted} records, of which ${run.ends.size} have had an end`,
  };
}

function announced(
  { detail }: Extract<DatedEvent, { kind: "announced" }>,
  seen: SeenRuns,
): Breach | undefined {
  const runId = String(detail.runId);
  const run = seen.of(runId);
  run.announcedIds.add(detail.id);
  if (run.announcedIds.size > 1) return { what: `run ${runId} is announced under two ids` };
  if (run.ends.size === run.row?.plannedCount) return undefined;
  const told = RECORD_ENDS.find((end) => detail[end] === 1);
  if (run.row?.plannedCount === 1 && run.row.isSealed && told !== undefined) {
    // Its completion is the note of its end, and comes after the news: it is judged when its message goes.
    run.toldEnds.add(told);
    return undefined;
  }
  return {
    what: `run ${runId} is announced with ${run.ends.size} ends of ${run.row?.plannedCount} records`,
  };
}

function deleted(event: Extract<DatedEvent, { kind: "deleted" }>, seen: SeenRuns): Breach | undefined {
  const { run: name, number, recordId } = event;
  if (name === undefined || number === undefined) return undefined;
  const ends = seen.of(name).ends.get(number);
  const what = `a message of ${recordId} was deleted`;
  if (ends === undefined) return { what: `${what}, and run ${name} does not know its end`, recordId };
  const untrue = [...ends, ...seen.of(name).toldEnds].find((end) => !isTrue(end, event, seen));
  return untrue === undefined ? undefined : { what: `${what} as ${untrue}, which is not so`, recordId };
}

function isTrue(end: RecordEnd, event: Extract<DatedEvent, { kind: "deleted" }>, seen: SeenRuns): boolean {
  const { recordId, run = "", atMs } = event;
  const { row } = seen.of(run);
  switch (end) {
    case "fetched":
    case "fetchedBefore":
      return seen.served.has(recordId);
    case "dead":
      return seen.lettered.has(recordId);
    case "expired":
      return row?.deadlineMs !== undefined && row.deadlineMs - CLOCK_SKEW_MS <= atMs;
    case "cancelled":
      return row?.cancelledAtMs !== undefined;
  }
}

function atEnd({ atMs, queued, lettered: letters }: DayEnd, seen: SeenRuns): readonly Breach[] {
  return [...seen.all].flatMap(([name, run]) => {
    const { row, ends, recordIds, lastNotedAtMs, announcedIds } = run;
    const open = recordIds.find((id, number) => !ends.has(number) && !queued.has(id) && !letters.has(id));
    if (open !== undefined) return [{ what: `${open} is open in run ${name} for ever`, recordId: open }];
    if (
      row !== undefined &&
      !row.isSealed &&
      row.cancelledAtMs === undefined &&
      row.deadlineMs === undefined
    ) {
      return [{ what: `run ${name} is never enqueued to its end` }];
    }
    if (row?.isSealed !== true || ends.size < row.plannedCount) return [];
    if (Math.max(lastNotedAtMs, row.createdAtMs) + COMPLETED_WITHIN_MS > atMs) return [];
    if (row.completion === undefined) return [{ what: `run ${name} is done and not completed` }];
    return announcedIds.size === 0 ? [{ what: `nobody was told that run ${name} is completed` }] : [];
  });
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
