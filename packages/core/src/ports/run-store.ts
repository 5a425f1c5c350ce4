import type { Lane } from "../provider/lane.ts";
import type { EndCounts, RecordEnd } from "../records/record-end.ts";

/**
 * Store of the runs of one provider and of their ledgers. Each call is one atomic change that may be repeated; it throws
 * `Unreachable` when the store can't be had now, and `StoredRowInvalid` for a row that is none of Sluice's.
 */
export interface RunStore {
  /** Creates a run with its first records; where it is there already nothing changes. Answers with the run as it is then. */
  open(run: NewRun): Promise<Run>;
  /** The run as of now, all writes that were answered included. */
  read(runId: string): Promise<Run | undefined>;
  /** Takes records into a run; refused if others were taken in meanwhile, or it is sealed or cancelled. */
  plan(runId: string, plan: RunPlan): Promise<"planned" | "refused">;
  /** Notes that the first so many records are in the queue for sure; never undone. */
  markSent(runId: string, sentCount: number): Promise<void>;
  /** Ends a run before its time, if it is not completed; the first instant stands. Undefined if there is no such run. */
  cancel(runId: string, nowMs: number): Promise<Run | undefined>;
  /** Notes that others were told that a run will miss its deadline. */
  markLate(runId: string, nowMs: number): Promise<void>;
  /**
   * Notes the completion of a run, of which the first one stands, and that it was announced. Answers with the run as it is
   * then; undefined if there is none.
   */
  complete(runId: string, completion: RunCompletion): Promise<Run | undefined>;
  /** Adds marks to a part; adding one twice is adding it once. Answers with the part as it is then. */
  mark(runId: string, part: PartKey, marks: PartMarks, nowMs: number): Promise<RunPart>;
  /** Keeps records by name that were not fetched. */
  keepLost(runId: string, records: readonly LostRecord[]): Promise<void>;
  /** The parts of level 0 that have a mark, in no order; with all marks that were answered if it is `exact`. */
  parts(runId: string, reading?: "exact" | "cheap"): AsyncIterable<RunPart>;
  /** One part, with all marks that were answered; undefined if it has none. */
  part(runId: string, part: PartKey): Promise<RunPart | undefined>;
  /** The records that are kept by name, by their number. */
  lost(runId: string): AsyncIterable<LostRecord>;
  /** Has the waker look after a run, until it is let go. */
  watch(runId: string): Promise<void>;
  unwatch(runId: string): Promise<void>;
  /** The runs that the waker looks after. */
  watched(): Promise<readonly string[]>;
}

/** A run before its first message is sent. */
export interface NewRun extends Pick<RunPlan, "plannedCount" | "digest" | "isSealed"> {
  readonly runId: string;
  readonly correlationId: string;
  readonly lane: Lane;
  readonly createdAtMs: number;
  /** No record starts from then on; absent if that does not matter. */
  readonly deadlineMs?: number;
}

/** Records that are taken into a run, before their messages are sent. */
export interface RunPlan {
  /** Records that the run has so far. */
  readonly fromCount: number;
  /** Records that it has with these. */
  readonly plannedCount: number;
  /** Of all their ids in order: the same run has the same records under the same numbers. */
  readonly digest: string;
  /** There are no further ones. */
  readonly isSealed: boolean;
  /** The first so many are in the queue for sure. */
  readonly sentCount: number;
}

/** A run as it is stored. */
export interface Run extends NewRun {
  /** The first so many records are in the queue for sure. */
  readonly sentCount: number;
  readonly cancelledAtMs?: number;
  /** Others were told then that it will miss its deadline. */
  readonly lateToldAtMs?: number;
  readonly completion?: RunCompletion;
}

/** The end of a run: each of its records has had its end. */
export interface RunCompletion {
  readonly completedAtMs: number;
  /** The counts at that time. A dead record that is fetched later counts as fetched in the ledger only. */
  readonly counts: EndCounts;
  /** Whoever waits for it has been told. */
  readonly isAnnounced: boolean;
}

/**
 * A part of a run's ledger. Those of level 0 hold the ends of so many records each; those of a higher level note which
 * parts of the level below are full.
 */
export interface PartKey {
  readonly level: number;
  /** From 0, by the numbers of what it holds. */
  readonly index: number;
}

/** Marks of a part: places from 0, by record's end; `full` in those of a higher level. */
export type PartMarks = Readonly<Partial<Record<RecordEnd | "full", readonly number[]>>>;

/** A part as it is stored. */
export interface RunPart extends PartKey {
  readonly marks: PartMarks;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** A record that was not fetched, with its name. */
export interface LostRecord {
  /** Its number in the run. */
  readonly number: number;
  readonly end: "dead" | "expired";
  readonly recordId: string;
  readonly cause: string;
  readonly atMs: number;
}
