import type { Run, RunStore } from "../ports/run-store.ts";

/** Runs whose records have not all had their end. */
export interface OpenRuns {
  readonly count: number;
  /** No message is older than the oldest of them; absent without one, or where there are many. */
  readonly oldestAtMs?: number;
  /** The first of their deadlines. */
  readonly deadlineMs?: number;
}

/** Open runs that are read; of more the oldest can't be told at this price. */
const RUNS_READ_MAX = 20;

/** Reads the open runs, a read each. @throws Unreachable, StoredRowInvalid */
export async function readOpenRuns(runs: Pick<RunStore, "watched" | "read">): Promise<OpenRuns> {
  const ids = await runs.watched();
  if (ids.length > RUNS_READ_MAX) return { count: ids.length };
  const rows = await Promise.all(ids.map((id) => runs.read(id)));
  const open = rows.filter((run): run is Run => run !== undefined && run.completion === undefined);
  if (open.length === 0) return { count: 0 };
  const deadlines = open.flatMap(({ deadlineMs }) => (deadlineMs === undefined ? [] : [deadlineMs]));
  return {
    count: open.length,
    oldestAtMs: Math.min(...open.map(({ createdAtMs }) => createdAtMs)),
    ...(deadlines.length > 0 && { deadlineMs: Math.min(...deadlines) }),
  };
}
