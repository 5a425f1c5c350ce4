import { messageOf } from "../errors.ts";
import type { PartMarks, RunPart } from "../ports/run-store.ts";
import { persist } from "../timing/persist.ts";
import { recordDead } from "./announcements.ts";
import { completeRun, completeSingle, type LedgerDeps, type LedgerParts, totalOf } from "./complete-run.ts";
import { type EndedRecord, isLost } from "./ended-record.ts";
import { lookAfterRuns } from "./look-after-runs.ts";
import { isFull, isFullSoFar, isRoot, parentOf, placeOf } from "./parts.ts";
import { createRunBook } from "./run-book.ts";

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
  /**
   * Completes runs that are done though no batch has seen it, and tells of those that will miss their deadline: the waker's
   * part. Never throws.
   */
  lookAfterRuns(): Promise<void>;
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
    lookAfterRuns: () => lookAfterRuns(deps),
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
      if (ended.length === 1 && (await completeSingle(first, deps))) return;
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
    if (totalCount !== undefined && isRoot(part, totalCount)) return completeRun(runId, deps);
    const parent = parentOf(part);
    part = await runs.mark(runId, parent.part, { full: [parent.place] }, clock.nowMs());
  }
}

async function isCancelled(runId: string, { book, log }: LedgerParts): Promise<boolean> {
  try {
    return (await book.read(runId))?.cancelledAtMs !== undefined;
  } catch (thrown) {
    log.warn("a run could not be read, its records go on", { runId, cause: messageOf(thrown) });
    return false;
  }
}
