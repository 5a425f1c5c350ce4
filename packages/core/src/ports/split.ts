/**
 * The number of shards over which a provider's limit is split, as a shard has it. Each change has a later version
 * than the one before, so that a late write changes nothing.
 */
export type Split = UnsplitShard | LendingSplit | DrainingSplit;

/** A shard that never was part of a split: it lends nothing yet. */
export interface UnsplitShard {
  readonly kind: "none";
  readonly version: 0;
}

/** A shard that lends its share of the limit, as one of `count` shards. */
export interface LendingSplit {
  readonly kind: "lending";
  readonly version: number;
  readonly count: number;
  /** The instant at which the split began to lend. */
  readonly sinceMs: number;
}

/** A shard that lends nothing while the permits move from one split to another, or that the new one leaves out. */
export interface DrainingSplit {
  readonly kind: "draining";
  readonly version: number;
  readonly fromCount: number;
  readonly toCount: number;
  /** The instant at which the move began. */
  readonly sinceMs: number;
}
