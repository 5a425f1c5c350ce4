import { cutText, excerptOf } from "./excerpt.ts";
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
  /** Inputs that are no records, or that the queue refuses: the first thousand. */
  readonly rejected: readonly Rejected[];
  /** Number of all those inputs. */
  readonly rejectedCount: number;
}

/** An input that is no record, or that the queue refuses. */
export interface Rejected {
  /** Position in the input, from 0. */
  readonly index: number;
  /** The id if it is text of at most 100 characters, a number or the like; else its beginning, or its kind. */
  readonly id: unknown;
  readonly reason: string;
}

/** Counts the records of a run by what has become of them. */
export interface RunCount {
  addSent(sent: BatchSent): void;
  addDuplicate(): void;
  /** Adds an input that is rejected, of which little is kept. */
  addRejected(index: number, id: unknown, reason: string): void;
  progress(): EnqueueProgress;
  result(): EnqueueResult;
}

/** Most rejected inputs that a result lists: beyond, they are only counted. */
const REJECTED_LISTED_MAX = 1_000;
const REASON_MAX_LENGTH = 500;

/** Makes the count of a run of which no record has been read. */
export function createRunCount(runId: string): RunCount {
  const rejected: Rejected[] = [];
  let rejectedCount = 0;
  let accepted = 0;
  let duplicatesInRun = 0;

  function addRejected(index: number, id: unknown, reason: string): void {
    rejectedCount += 1;
    if (rejected.length >= REJECTED_LISTED_MAX) return;
    rejected.push({ index, id: excerptOf(id), reason: cutText(reason, REASON_MAX_LENGTH) });
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
    progress: () => ({ accepted, duplicatesInRun, rejected: rejectedCount }),
    result: () => ({ runId, accepted, duplicatesInRun, rejected, rejectedCount }),
  };
}
