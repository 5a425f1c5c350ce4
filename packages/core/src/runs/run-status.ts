import type { Clock } from "../ports/clock.ts";
import type { LostRecord, Run, RunPart, RunStore } from "../ports/run-store.ts";
import type { Lane } from "../provider/lane.ts";
import type { EndCounts } from "../records/record-end.ts";
import { endCountsOf, endedCount, NO_ENDS, sumOfCounts } from "./parts.ts";
import { ratePerMinute } from "./rate.ts";
import { withCompletion } from "./single-run.ts";

/** The state of a run, and what has become of its records. Always `accepted` = the sum of `counts` + `open`. */
export interface RunStatus {
  readonly runId: string;
  readonly correlationId: string;
  readonly lane: Lane;
  /** `enqueuing`: more records may come; `open`: all are in; `cancelled`: it ends early; `completed`: each has had its end. */
  readonly state: "enqueuing" | "open" | "cancelled" | "completed";
  /** Records that the run has taken in. */
  readonly accepted: number;
  readonly counts: EndCounts;
  /** Records that have not had their end. */
  readonly open: number;
  readonly createdAtMs: number;
  /** No record starts from then on; absent if that does not matter. */
  readonly deadlineMs?: number;
  readonly completedAtMs?: number;
  /** Records that have ended of late, per minute; absent while none has. */
  readonly ratePerMinute?: number;
  /** The instant at which the last record will have had its end, at that rate; absent while that can't be told. */
  readonly endsAtMs?: number;
  /** The records that were not fetched, in the order of their numbers. */
  records(filter?: RecordFilter): AsyncIterable<LostRecord>;
}

/** Records to list. */
export interface RecordFilter {
  /** Left out: both. */
  readonly end?: LostRecord["end"];
}

/** Reads the state of a run; undefined if there is none of this id. @throws Unreachable, StoredRowInvalid */
export async function readRunStatus(
  runId: string,
  { runs, clock }: { readonly runs: RunStore; readonly clock: Pick<Clock, "nowMs"> },
): Promise<RunStatus | undefined> {
  const run = await runs.read(runId);
  if (run === undefined) return undefined;
  const parts: RunPart[] = [];
  for await (const part of runs.parts(runId)) parts.push(part);
  return statusOf(run, withCompletion(run, parts), clock.nowMs(), (filter) => lostOf(runId, filter, runs));
}

function statusOf(
  run: Run,
  parts: readonly RunPart[],
  nowMs: number,
  records: RunStatus["records"],
): RunStatus {
  const { runId, correlationId, lane, plannedCount, createdAtMs, deadlineMs, completion } = run;
  const counts = parts.map(endCountsOf).reduce(sumOfCounts, NO_ENDS);
  const open = plannedCount - endedCount(counts);
  const rate = completion === undefined ? ratePerMinute(parts, nowMs) : undefined;
  const isKnownWhole = run.isSealed && open > 0 && rate !== undefined;
  return {
    runId,
    correlationId,
    lane,
    state: stateOf(run),
    accepted: plannedCount,
    counts,
    open,
    createdAtMs,
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(completion !== undefined && { completedAtMs: completion.completedAtMs }),
    ...(rate !== undefined && { ratePerMinute: rate }),
    ...(isKnownWhole && { endsAtMs: Math.round(nowMs + (open * 60_000) / rate) }),
    records,
  };
}

/** The state of a run. */
export function stateOf({ completion, cancelledAtMs, isSealed }: Run): RunStatus["state"] {
  if (completion !== undefined) return "completed";
  if (cancelledAtMs !== undefined) return "cancelled";
  return isSealed ? "open" : "enqueuing";
}

async function* lostOf(runId: string, { end }: RecordFilter = {}, runs: RunStore): AsyncIterable<LostRecord> {
  for await (const record of runs.lost(runId)) if (end === undefined || record.end === end) yield record;
}
