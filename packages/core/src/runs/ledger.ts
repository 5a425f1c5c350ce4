import { messageOf } from "../errors.ts";
import type { Announcer } from "../ports/announcer.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { EndCounts, PartMarks, Run, RunPart, RunStore } from "../ports/run-store.ts";
import { persist } from "../timing/persist.ts";
import { LISTED_MAX, recordDead, runCompleted } from "./announcements.ts";
import { type EndedRecord, isLost } from "./ended-record.ts";
import {
  endCountsOf,
  isFull,
  isFullSoFar,
  isRoot,
  NO_ENDS,
  parentOf,
  placeOf,
  sumOfCounts,
} from "./parts.ts";
import { createRunBook, type RunBook } from "./run-book.ts";

/**
 * The ledger of all runs of a provider: what has become of each record. It is exact whatever crashes and however often a
 * message comes, because noting an end twice is noting it once, and because a message is acknowledged only when the end
 * of its record is noted, and all that follows from it is done.
 */
export interface Ledger {
  /**
   * Notes ends, completes runs that are done with them, and tells of it; what is unreachable is tried again until an
   * instant. Answers with those of which it could not be done. Never throws.
   */
  note(ended: readonly EndedRecord[], untilMs: number): Promise<readonly EndedRecord[]>;
  /** True once a run is cancelled, to the knowledge of three seconds ago. Never throws: a run that can't be read goes on. */
  isCancelled(runId: string): Promise<boolean>;
  /** Completes a run if all its records have ended; false if some have not. @throws Unreachable, StoredRowInvalid */
  completeIfDone(runId: string): Promise<boolean>;
}

/** Everything that a ledger works with. */
export interface LedgerDeps {
  /** The provider's id. */
  readonly provider: string;
  readonly runs: RunStore;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Log;
}

/** The parts of a ledger, with the runs as this process knows them. */
interface LedgerParts extends LedgerDeps {
  readonly book: RunBook;
}

/** Makes the ledger of a provider. */
export function createLedger(given: LedgerDeps): Ledger {
  const deps = { ...given, book: createRunBook(given.runs, given.clock) };
  return {
    async note(ended, untilMs) {
      const groups = [...Map.groupBy(ended, partNameOf).values()];
      const failed = await Promise.all(groups.map((group) => notePart(group, untilMs, deps)));
      return failed.flat();
    },
    isCancelled: (runId) => isCancelled(runId, deps),
    completeIfDone: (runId) => completeIfDone(runId, deps),
  };
}

function partNameOf({ runId, number }: EndedRecord): string {
  return `${placeOf(number).part.index} ${runId}`;
}

/** Notes ends that fall into one part; answers with them if that fails. */
async function notePart(
  ended: readonly EndedRecord[],
  untilMs: number,
  deps: LedgerParts,
): Promise<readonly EndedRecord[]> {
  const { runs, clock, log } = deps;
  const [first] = ended;
  if (first === undefined) return [];
  const { runId } = first;
  try {
    await persist(clock, untilMs, async () => {
      await keepLost(ended, deps);
      const part = await runs.mark(runId, placeOf(first.number).part, marksOf(ended), clock.nowMs());
      await carryUp(runId, part, deps);
    });
    return [];
  } catch (thrown) {
    log.error("ends of records could not be noted", {
      runId,
      records: ended.length,
      cause: messageOf(thrown),
    });
    return ended;
  }
}

async function keepLost(
  ended: readonly EndedRecord[],
  { provider, runs, announcer, clock }: LedgerParts,
): Promise<void> {
  const atMs = clock.nowMs();
  const lost = ended.filter(isLost);
  const [first] = lost;
  if (first === undefined) return;
  const records = lost.map(({ number, end, recordId, cause = "" }) => ({
    number,
    end,
    recordId,
    cause,
    atMs,
  }));
  await runs.keepLost(first.runId, records);
  const dead = lost.filter(({ end }) => end === "dead");
  if (dead.length > 0) await announcer.announce(dead.map((each) => recordDead(provider, each, atMs)));
}

function marksOf(ended: readonly EndedRecord[]): PartMarks {
  const byEnd = Map.groupBy(ended, ({ end }) => end);
  return Object.fromEntries(
    [...byEnd].map(([end, records]) => [end, records.map(({ number }) => placeOf(number).place)]),
  );
}

/** Notes of a full part that it is, level by level, and completes the run at the top. */
async function carryUp(runId: string, marked: RunPart, deps: LedgerParts): Promise<void> {
  const { runs, book, clock } = deps;
  let run = await book.read(runId);
  if (run?.completion?.isAnnounced) return;
  for (let part = marked; ; ) {
    // Whoever seals a run does so before its last message is sent, but what is known of it may be older.
    if (!isFull(part, totalOf(run)) && totalOf(run) === undefined && isFullSoFar(part)) {
      run = await book.readAnew(runId);
    }
    const totalCount = totalOf(run);
    if (!isFull(part, totalCount)) return;
    if (totalCount !== undefined && isRoot(part, totalCount)) return complete(runId, deps);
    const parent = parentOf(part);
    part = await runs.mark(runId, parent.part, { full: [parent.place] }, clock.nowMs());
  }
}

function totalOf(run: Run | undefined): number | undefined {
  return run?.isSealed ? run.plannedCount : undefined;
}

async function completeIfDone(runId: string, deps: LedgerParts): Promise<boolean> {
  const run = await deps.book.readAnew(runId);
  if (run === undefined) return false;
  if (run.completion?.isAnnounced) return true;
  const totalCount = totalOf(run);
  if (totalCount === undefined) return false;
  const counts = await exactCounts(runId, deps);
  if (Object.values(counts).reduce((sum, count) => sum + count, 0) < totalCount) return false;
  await complete(runId, deps);
  return true;
}

/** Completes a run whose records have all ended. It is told before that is noted: it may be told twice, but not never. */
async function complete(runId: string, deps: LedgerParts): Promise<void> {
  const { provider, runs, book, announcer, clock, log } = deps;
  const run = await book.readAnew(runId);
  if (run === undefined || run.completion?.isAnnounced) return;
  const { completedAtMs, counts } = run.completion ?? {
    completedAtMs: clock.nowMs(),
    counts: await exactCounts(runId, deps),
  };
  const lost = await firstLost(runId, deps);
  let failure: unknown;
  try {
    await announcer.announce([runCompleted(provider, run, { completedAtMs, counts }, lost)]);
  } catch (thrown) {
    failure = thrown;
  }
  await runs.complete(runId, { completedAtMs, counts, isAnnounced: failure === undefined });
  log.info("run is completed", { runId, ...counts });
  await book.readAnew(runId);
  if (failure !== undefined) throw failure;
}

async function isCancelled(runId: string, { book, log }: LedgerParts): Promise<boolean> {
  try {
    return (await book.read(runId))?.cancelledAtMs !== undefined;
  } catch (thrown) {
    log.warn("a run could not be read, its records go on", { runId, cause: messageOf(thrown) });
    return false;
  }
}

async function exactCounts(runId: string, { runs }: Pick<LedgerDeps, "runs">): Promise<EndCounts> {
  let counts = NO_ENDS;
  for await (const part of runs.parts(runId, "exact")) counts = sumOfCounts(counts, endCountsOf(part));
  return counts;
}

async function firstLost(runId: string, { runs }: Pick<LedgerDeps, "runs">) {
  const lost = [];
  for await (const record of runs.lost(runId)) {
    lost.push(record);
    if (lost.length === LISTED_MAX) break;
  }
  return lost;
}
