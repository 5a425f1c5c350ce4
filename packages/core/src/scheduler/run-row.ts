import type { NewRun, Run, RunPlan, RunStore } from "../ports/run-store.ts";
import { RunRefused } from "./run-refused.ts";

/** The identity of a run, before its records are known. */
export type RunIdentity = Omit<NewRun, "plannedCount" | "digest" | "isSealed">;

/** The row of a run, as its scheduler knows it: nobody else changes what it holds, but to cancel the run. */
export interface RunRow {
  /** Undefined before the run is opened. */
  known(): Run | undefined;
  /** Takes records in, with all that the run has had before. @throws RunRefused, Unreachable */
  takeIn(plan: Omit<RunPlan, "fromCount">): Promise<void>;
  /** Has the waker look after the run, if it may be needed. @throws Unreachable */
  watch(): Promise<void>;
}

/** Makes the row of a run. @param stored the run as it is, if it was enqueued before */
export function createRunRow(identity: RunIdentity, stored: Run | undefined, runs: RunStore): RunRow {
  const { runId } = identity;
  let known = stored;
  let isWatched = false;

  async function takeIn({ sentCount, ...plan }: Omit<RunPlan, "fromCount">): Promise<void> {
    if (known === undefined) {
      known = await open({ ...identity, ...plan }, runs);
      return;
    }
    const { plannedCount: fromCount } = known;
    if ((await runs.plan(runId, { ...plan, fromCount, sentCount })) === "refused") {
      const { cancelledAtMs } = (await runs.read(runId)) ?? {};
      throw new RunRefused(runId, cancelledAtMs === undefined ? OVERTAKEN : CANCELLED);
    }
    known = { ...known, ...plan, sentCount };
  }

  /** The waker completes a run of which no ventilator sees the end, and tells of one that is late. */
  async function watch(): Promise<void> {
    if (isWatched || known === undefined || known.completion !== undefined) return;
    const { isSealed, plannedCount, deadlineMs } = known;
    if (!isSealed || plannedCount === 0 || deadlineMs !== undefined) await runs.watch(runId);
    isWatched = true;
  }

  return { known: () => known, takeIn, watch };
}

async function open(run: NewRun, runs: RunStore): Promise<Run> {
  const opened = await runs.open(run);
  const isOwn = opened.digest === run.digest && opened.createdAtMs === run.createdAtMs;
  if (!isOwn) throw new RunRefused(run.runId, OVERTAKEN);
  return opened;
}

const OVERTAKEN =
  "is enqueued by another call, which began at the same time: let that one end, then call again";
const CANCELLED = "is cancelled: no record goes in";
