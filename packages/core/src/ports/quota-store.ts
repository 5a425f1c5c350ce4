/**
 * Store of what a provider's quotas have left: one small item. Each call is one atomic change; it throws `Unreachable`
 * when the store can't be had now, and `StoredRowInvalid` when the item is unreadable.
 */
export interface QuotaStore {
  /**
   * Reserves starts if spacing and day allow. It is sent once: after `Unreachable` it may have been carried out, or will be;
   * what it reserved is lost then. Answers with the item as it is afterwards, or as it refused.
   */
  reserve(request: QuotaRequest): Promise<QuotaAnswer>;
  /**
   * Gives starts back to the day for which they were reserved; of no effect on another day. It is sent once, because a
   * repeat would give back twice.
   */
  giveBack(day: string, count: number): Promise<void>;
  /** Marks a day as one of which something was told; false if it was marked before. */
  markTold(day: string): Promise<boolean>;
  /** The item as of now, all writes that were answered included. */
  read(): Promise<QuotaState>;
}

/** Starts to reserve, and what they have to fit. */
export interface QuotaRequest {
  /** At least one. */
  readonly count: number;
  readonly nowMs: number;
  /** Absent where only days are counted. */
  readonly spacing?: {
    /** Time between two starts. */
    readonly intervalMs: number;
    /** The longest that any lane has at present: what was reserved with a longer one is of another contract. */
    readonly longestMs: number;
    /** The first start may be at most so far ahead. */
    readonly aheadMaxMs: number;
  };
  /** Absent where no day is counted. */
  readonly day?: {
    /** Names of days sort by time. */
    readonly name: string;
    /** The zone and the time of its reset: days of another kind begin at other instants, whatever their names are. */
    readonly kind: string;
    readonly startsAtMs: number;
    /** Most starts of the day, these included. */
    readonly usedAtMost: number;
  };
}

/** Answer to a reservation; its starts are one interval apart from `firstAtMs` on. */
export type QuotaAnswer =
  | { readonly kind: "reserved"; readonly firstAtMs: number; readonly state: QuotaState }
  | { readonly kind: "refused"; readonly state: QuotaState };

/** The item. */
export interface QuotaState {
  /** The first instant that is free for the lane with the longest interval; 0 if none ever was reserved. */
  readonly freeFromMs: number;
  /** Time from the last reserved instant until then; 0 if there was none. */
  readonly intervalMs: number;
  /** The latest day of which starts were reserved; empty if there is none. */
  readonly day: string;
  /** Its kind. */
  readonly dayKind: string;
  /** Starts that are reserved of that day, made or not. */
  readonly usedCount: number;
  /** Starts that were reserved of the day before it, or of earlier ones. */
  readonly earlierCount: number;
  /** The instant of the last reservation of a day; 0 if there was none. */
  readonly reservedAtMs: number;
}
