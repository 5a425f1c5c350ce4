import type { Lane } from "../provider/lane.ts";

/**
 * Store of the memory of one provider's breaker. Each call is one atomic change; it throws `Unreachable`
 * when the store can't be had now, and reads throw `StoredRowInvalid` for a row that is none of Sluice's.
 */
export interface BreakerStore {
  /** The memory that was committed last; undefined if none was. */
  read(): Promise<StoredBreaker | undefined>;
  /**
   * Stores a memory if the stored version is still `ifVersion`, 0 meaning none, and counts the version up.
   * Repeating a commit that went through is a conflict.
   */
  commit(memory: unknown, ifVersion: number): Promise<"committed" | "conflict">;
  /** The notes on the valve of a lane that were committed last; undefined if none were. */
  readValve(lane: Lane): Promise<StoredValve | undefined>;
  /** Like {@link BreakerStore.commit}, for the notes on one valve. */
  commitValve(lane: Lane, notes: unknown, ifVersion: number): Promise<"committed" | "conflict">;
}

/** A committed memory, a JSON value that its reader parses. */
export interface StoredBreaker {
  readonly version: number;
  readonly memory: unknown;
}

/** Committed notes on a valve, a JSON value that their reader parses. */
export interface StoredValve {
  readonly version: number;
  readonly notes: unknown;
}
