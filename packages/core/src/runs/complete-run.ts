import type { Announcer } from "../ports/announcer.ts";
import type { Clock } from "../ports/clock.ts";
import type { HistoryStore } from "../ports/history-store.ts";
import type { Log } from "../ports/log.ts";
import type { LostRecord, Run, RunCompletion, RunStore } from "../ports/run-store.ts";
import type { EndCounts } from "../records/record-end.ts";
import { LISTED_MAX, runCompleted } from "./announcements.ts";
import type { EndedRecord } from "./ended-record.ts";
import { endCountsOf, endedCount, NO_ENDS, placeOf, sumOfCounts } from "./parts.ts";
import type { RunBook } from "./run-book.ts";
import { isSingle } from "./single-run.ts";

/** Everything that a ledger works with. */
export interface LedgerDeps {
  /** The provider's id. */
  readonly provider: string;
  readonly runs: RunStore;
  readonly history: Pick<HistoryStore, "contract" | "latest">;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Log;
}

/** The parts of a ledger, with the runs as this process knows them. */
export interface LedgerParts extends LedgerDeps {
  readonly book: RunBook;
}

/** Records of a run; undefined while more may come. */
export function totalOf(run: Run | undefined): number | undefined {
  return run?.isSealed ? run.plannedCount : undefined;
}

/** Completes a run if all its records have ended; false if some have not. @throws Unreachable, StoredRowInvalid */
export async function completeIfDone(runId: string, deps: LedgerParts): Promise<boolean> {
  const run = await deps.book.readAnew(runId);
  if (run === undefined) return false;
  if (run.completion?.isAnnounced) return true;
  const totalCount = totalOf(run);
  if (totalCount === undefined) return false;
  const counts = await exactCounts(runId, deps);
  if (endedCount(counts) < totalCount) return false;
  await completeRun(runId, deps);
  return true;
}

/** Completes a run whose records have all ended. @throws Unreachable, StoredRowInvalid */
export async function completeRun(runId: string, deps: LedgerParts): Promise<void> {
  const run = await deps.book.readAnew(runId);
  if (run === undefined || run.completion?.isAnnounced) return;
  const completion = run.completion ?? {
    completedAtMs: deps.clock.nowMs(),
    counts: await exactCounts(runId, deps),
  };
  await finish(run, completion, deps);
}

/**
 * Completes a run of one record with its end, without a part. False if its ledger has a part already, or says another end:
 * then this one has to be marked there.
 * @throws Unreachable, StoredRowInvalid
 */
export async function completeSingle(
  { runId, number, end }: EndedRecord,
  deps: LedgerParts,
): Promise<boolean> {
  const { runs, book, clock } = deps;
  const run = await book.read(runId);
  if (run === undefined || !isSingle(run) || run.completion !== undefined) return false;
  if ((await runs.part(runId, placeOf(number).part)) !== undefined) return false;
  const counts = { ...NO_ENDS, [end]: 1 };
  const finished = await finish(run, { completedAtMs: clock.nowMs(), counts }, deps);
  return finished?.completion?.counts[end] === 1;
}

/**
 * Tells of a completion, and notes it: in this order, so that it may be told twice, but not never. Answers with the run as
 * it is then.
 */
async function finish(
  run: Run,
  { completedAtMs, counts }: Pick<RunCompletion, "completedAtMs" | "counts">,
  deps: LedgerParts,
): Promise<Run | undefined> {
  const { provider, runs, book, announcer, log } = deps;
  const { runId } = run;
  const lost = await firstLost(runId, deps);
  let failure: unknown;
  try {
    await announcer.announce([runCompleted(provider, run, { completedAtMs, counts }, lost)]);
  } catch (thrown) {
    failure = thrown;
  }
  const finished = await runs.complete(runId, {
    completedAtMs,
    counts,
    isAnnounced: failure === undefined,
  });
  log.info("run is completed", { runId, ...counts });
  book.forget(runId);
  if (failure !== undefined) throw failure;
  return finished;
}

/** The records of a run by their end, with all that were answered. @throws Unreachable, StoredRowInvalid */
export async function exactCounts(runId: string, { runs }: Pick<LedgerDeps, "runs">): Promise<EndCounts> {
  let counts = NO_ENDS;
  for await (const part of runs.parts(runId, "exact")) counts = sumOfCounts(counts, endCountsOf(part));
  return counts;
}

async function firstLost(runId: string, { runs }: Pick<LedgerDeps, "runs">) {
  const lost: LostRecord[] = [];
  for await (const record of runs.lost(runId)) {
    lost.push(record);
    if (lost.length === LISTED_MAX) break;
  }
  return lost;
}
