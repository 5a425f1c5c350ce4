import type { Clock } from "../ports/clock.ts";
import type { Run, RunStore } from "../ports/run-store.ts";

/**
 * The runs as a process knows them: a batch asks for its runs before each start, and a read of each would cost more than
 * the ledger.
 */
export interface RunBook {
  /** The run as it was at most three seconds ago; undefined if there is none. @throws Unreachable, StoredRowInvalid */
  read(runId: string): Promise<Run | undefined>;
  /** The run as of now. @throws Unreachable, StoredRowInvalid */
  readAnew(runId: string): Promise<Run | undefined>;
  /** Has the next reading be as of then. */
  forget(runId: string): void;
}

/** A cancelled run stops within five seconds: a reading is good for so long. */
const READING_MAX_AGE_MS = 3_000;
/** Runs that are remembered: a batch has ten at most. */
const RUNS_MAX = 100;

interface Reading {
  readonly atMs: number;
  readonly run: Promise<Run | undefined>;
}

/** Makes the book of a process. */
export function createRunBook(store: Pick<RunStore, "read">, clock: Clock): RunBook {
  const readings = new Map<string, Reading>();

  function readAnew(runId: string): Promise<Run | undefined> {
    const reading = { atMs: clock.nowMs(), run: store.read(runId) };
    readings.delete(runId);
    readings.set(runId, reading);
    const [oldest] = readings.keys();
    if (readings.size > RUNS_MAX && oldest !== undefined) readings.delete(oldest);
    reading.run.catch(() => {
      if (readings.get(runId) === reading) readings.delete(runId);
    });
    return reading.run;
  }

  function read(runId: string): Promise<Run | undefined> {
    const known = readings.get(runId);
    const isFresh = known !== undefined && clock.nowMs() - known.atMs < READING_MAX_AGE_MS;
    return isFresh ? known.run : readAnew(runId);
  }

  return {
    read,
    readAnew,
    forget(runId) {
      readings.delete(runId);
    },
  };
}
