import type { BatchSent } from "./send-batch.ts";

/** Numbers of the records read so far. */
export interface EnqueueProgress {
  readonly accepted: number;
  readonly duplicatesInRun: number;
  readonly rejected: number;
}

/** The end of a run. */
export interface EnqueueResult {
  readonly runId: string;
  /** Records that the queue has taken. */
  readonly accepted: number;
  /** Inputs left out because the run had their id already. */
  readonly duplicatesInRun: number;
  readonly rejected: readonly Rejected[];
}

/** An input that is no record, or that the queue refuses. */
export interface Rejected {
  /** Position in the input, from 0. */
  readonly index: number;
  readonly id: unknown;
  readonly reason: string;
}

/** Counts the records of a run by what has become of them. */
export interface RunCount {
  addSent(sent: BatchSent): void;
  addDuplicate(): void;
  /** Adds an input that is rejected; a long id is cut. */
  addRejected(index: number, id: unknown, reason: string): void;
  progress(): EnqueueProgress;
  result(): EnqueueResult;
}

/** Longest id that a rejection repeats in full: rejected ids may be of any size. */
const REPEATED_ID_MAX_LENGTH = 100;

/** Makes the count of a run of which no record has been read. */
export function createRunCount(runId: string): RunCount {
  const rejected: Rejected[] = [];
  let accepted = 0;
  let duplicatesInRun = 0;

  function addRejected(index: number, id: unknown, reason: string): void {
    rejected.push({ index, id: shortened(id), reason });
  }

  return {
    addSent(sent) {
      accepted += sent.accepted;
      for (const { index, recordId, reason } of sent.refused) addRejected(index, recordId, reason);
    },
    addDuplicate() {
      duplicatesInRun += 1;
    },
    addRejected,
    progress: () => ({ accepted, duplicatesInRun, rejected: rejected.length }),
    result: () => ({ runId, accepted, duplicatesInRun, rejected }),
  };
}

function shortened(id: unknown): unknown {
  if (typeof id !== "string" || id.length <= REPEATED_ID_MAX_LENGTH) return id;
  return `${id.slice(0, REPEATED_ID_MAX_LENGTH)}…`;
}
