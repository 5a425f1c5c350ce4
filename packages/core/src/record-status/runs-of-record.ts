import { collected } from "../collected.ts";
import type { Clock } from "../ports/clock.ts";
import type { ListedRun, Roster, Rosters } from "../ports/rosters.ts";
import type { Run, RunStore } from "../ports/run-store.ts";
import type { Lane } from "../provider/lane.ts";
import type { RecordEnd } from "../records/record-end.ts";
import { createRecordHash } from "../records/record-in-run.ts";
import { placeOf } from "../runs/parts.ts";
import { fingerprintOf, numberIn } from "../runs/roster.ts";
import type { RunStatus } from "../runs/run-status.ts";
import { stateOf } from "../runs/run-status.ts";
import { endOf } from "../runs/single-run.ts";

/** A run that asks, or has asked, for a record. */
export interface RunOfRecord extends Pick<RunStatus, "runId" | "lane" | "createdAtMs" | "state"> {
  readonly lane: Lane;
  /** No record of it starts from then on; absent if that does not matter. */
  readonly deadlineMs?: number;
  /** The record's end in it; absent while it is open. */
  readonly end?: RecordEnd;
}

const DAY_MS = 24 * 60 * 60_000;
/** Everything that the runs of a record are found with. */
export interface RunsOfRecordDeps {
  readonly runs: Pick<RunStore, "read" | "part">;
  readonly rosters: Pick<Rosters, "runsOfDay" | "runsOfRecord" | "rosters">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A message lives for fourteen days, and its run is at most a day older. */
const LISTED_FOR_DAYS = 15;
/** A long run that was completed earlier is not looked through: what it says is of another day. */
const COMPLETED_WITHIN_MS = 2 * DAY_MS;

/**
 * Finds the runs of two weeks that ask for a record, or have in the last two days, oldest first. A long run costs a read of
 * its roster, some five kilobytes for a thousand records.
 * @throws Unreachable, StoredRowInvalid
 */
export async function readRunsOf(recordId: string, deps: RunsOfRecordDeps): Promise<readonly RunOfRecord[]> {
  const { rosters, clock } = deps;
  const nowMs = clock.nowMs();
  const days = Array.from({ length: LISTED_FOR_DAYS + 1 }, (_, ago) => dayOf(nowMs - (ago - 1) * DAY_MS));
  const lists = [rosters.runsOfRecord(recordId), ...days.map((day) => rosters.runsOfDay(day))];
  const listed = (await Promise.all(lists.map(collected))).flat();
  // A run may be in two lists: whoever first enqueued it did not know yet that it has one record only.
  const once = new Map(listed.map((run) => [run.runId, run])).values();
  const found = await Promise.all(
    [...once].map((run) => inRun(recordId, run, nowMs - COMPLETED_WITHIN_MS, deps)),
  );
  return found
    .filter((run) => run !== undefined)
    .toSorted((one, other) => one.createdAtMs - other.createdAtMs);
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, "2026-11-21".length);
}

/** A listed run as it has the record; undefined if it has not. */
async function inRun(
  recordId: string,
  listed: ListedRun,
  completedAfterMs: number,
  { runs, rosters }: RunsOfRecordDeps,
): Promise<RunOfRecord | undefined> {
  const { runId, roster } = listed;
  const fingerprint = fingerprintOf(createRecordHash(runId)(recordId));
  const early = roster && numberIn(roster, fingerprint);
  if (early === undefined && listed.onlyRecordId !== undefined) return undefined;
  const run = await runs.read(runId);
  if (run === undefined) return undefined;
  const isOld = run.completion !== undefined && run.completion.completedAtMs < completedAfterMs;
  const number = early ?? (isOld ? undefined : await findIn(rosters.rosters(runId), fingerprint));
  return number === undefined || number >= run.plannedCount ? undefined : ofRun(run, number, runs);
}

async function findIn(rosters: AsyncIterable<Roster>, fingerprint: string): Promise<number | undefined> {
  for await (const roster of rosters) {
    const number = numberIn(roster, fingerprint);
    if (number !== undefined) return number;
  }
  return undefined;
}

async function ofRun(run: Run, number: number, runs: RunsOfRecordDeps["runs"]): Promise<RunOfRecord> {
  const { runId, lane, createdAtMs, deadlineMs } = run;
  const { part, place } = placeOf(number);
  const end = endOf(run, await runs.part(runId, part), place);
  return {
    runId,
    lane,
    createdAtMs,
    state: stateOf(run),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(end !== undefined && { end }),
  };
}
