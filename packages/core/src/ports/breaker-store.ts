/**
 * Store of the memory of one provider's breaker. Each call is one atomic change, and throws `Unreachable`
 * when the store can't be had now.
 */
export interface BreakerStore {
  /** The state that was committed last; undefined if none was. */
  read(): Promise<StoredBreaker | undefined>;
  /**
   * Stores a state if the stored version is still `ifVersion`, 0 meaning none, and counts the version up.
   * Repeating a commit that went through is a conflict.
   */
  commit(state: unknown, ifVersion: number): Promise<"committed" | "conflict">;
  /** The notes on a valve that were committed last, by the name of its queue; undefined if none were. */
  readValve(queue: string): Promise<StoredValve | undefined>;
  /** Like {@link BreakerStore.commit}, for the notes on one valve. */
  commitValve(queue: string, notes: unknown, ifVersion: number): Promise<"committed" | "conflict">;
}

/** A committed state, a JSON value that its reader parses. */
export interface StoredBreaker {
  readonly version: number;
  readonly state: unknown;
}

/** Committed notes on a valve, a JSON value that their reader parses. */
export interface StoredValve {
  readonly version: number;
  readonly notes: unknown;
}
