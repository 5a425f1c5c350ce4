import { collected } from "../collected.ts";
import type { Clock } from "../ports/clock.ts";
import type { HistoryStore } from "../ports/history-store.ts";
import type { LostRecord, Run, RunStore } from "../ports/run-store.ts";
import type { Lane } from "../provider/lane.ts";
import type { EndCounts } from "../records/record-end.ts";
import { readOutlook } from "./outlook.ts";
import { paceOf } from "./pace.ts";
import { endCountsOf, endedCount, NO_ENDS, sumOfCounts } from "./parts.ts";
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
  /** Records that have ended of late, per minute, while the provider could be called; absent while none has. */
  readonly ratePerMinute?: number;
  /**
   * The instant at which the last record will have had its end: at that rate, and at the one that limit and latency make
   * as long as it has had few batches, with what its access windows, quotas and holds leave of the time. Absent while that
   * can't be told, as in the first minute of a deployment.
   */
  readonly endsAtMs?: number;
  /**
   * Time by which that instant may come sooner or later. Absent where it is less than a fifth of the time left: it is said
   * while the provider's mapping is about to open.
   */
  readonly endUnsureMs?: number;
  /** The records that were not fetched, in the order of their numbers. */
  records(filter?: RecordFilter): AsyncIterable<LostRecord>;
}

/** Records to list. */
export interface RecordFilter {
  /** Left out: both. */
  readonly end?: LostRecord["end"];
}

/** Everything that the state of a run is read from. */
export interface RunStatusDeps {
  readonly runs: RunStore;
  readonly history: Pick<HistoryStore, "contract" | "latest">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Reads the state of a run; undefined if there is none of this id. @throws Unreachable, StoredRowInvalid */
export async function readRunStatus(runId: string, deps: RunStatusDeps): Promise<RunStatus | undefined> {
  const { runs, history, clock } = deps;
  const run = await runs.read(runId);
  if (run === undefined) return undefined;
  const isOver = run.completion !== undefined;
  const [parts, outlook] = await Promise.all([
    collected(runs.parts(runId)),
    isOver ? undefined : readOutlook(history),
  ]);
  const whole = withCompletion(run, parts);
  const counts = whole.map(endCountsOf).reduce(sumOfCounts, NO_ENDS);
  const openCount = run.plannedCount - endedCount(counts);
  return {
    ...countsOf(run, counts),
    ...(isOver ? {} : paceOf({ ...run, parts: whole, openCount }, outlook, clock.nowMs())),
    records: (filter) => lostOf(runId, filter, runs),
  };
}

function countsOf(run: Run, counts: EndCounts): Omit<RunStatus, "records"> {
  const { runId, correlationId, lane, plannedCount, createdAtMs, deadlineMs, completion } = run;
  return {
    runId,
    correlationId,
    lane,
    state: stateOf(run),
    accepted: plannedCount,
    counts,
    open: plannedCount - endedCount(counts),
    createdAtMs,
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(completion !== undefined && { completedAtMs: completion.completedAtMs }),
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
