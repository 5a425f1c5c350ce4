import type { Lane } from "../provider/lane.ts";

/**
 * Lists of runs, by their day, or by their record if they have one only, and the records of each. Each call may be repeated; it throws `Unreachable` when the store can't be had now, and `StoredRowInvalid` for a row that is none of
 * Sluice's.
 */
export interface Rosters {
  /** Lists a run, so that it is found without its id. A roster that is left out stays as it is. */
  list(run: ListedRun): Promise<void>;
  /** Runs of more than one record that were created on a UTC day, such as `2026-11-21`, oldest first. */
  runsOfDay(day: string): AsyncIterable<ListedRun>;
  /** Runs of this record alone, oldest first. */
  runsOfRecord(recordId: string): AsyncIterable<ListedRun>;
  /** Keeps a part of a run's roster; the same place twice is one part, the later one. */
  keepRoster(runId: string, roster: Roster, nowMs: number): Promise<void>;
  /** The parts of a run's roster that are kept beside its listing, by their place. They may overlap, and have gaps. */
  rosters(runId: string): AsyncIterable<Roster>;
}

/** A run as it is listed. */
export interface ListedRun {
  readonly runId: string;
  readonly lane: Lane;
  readonly createdAtMs: number;
  /** The record of a run that has one only. */
  readonly onlyRecordId?: string;
  /** The beginning of its roster, if it is short. */
  readonly roster?: Roster;
}

/** Records of a run that follow one another, by the fingerprints of their ids. */
export interface Roster {
  /** The number of the first. */
  readonly fromNumber: number;
  /** Fingerprints, one after the other without anything between them. */
  readonly fingerprints: string;
}
