import type { OutcomeKind } from "../records/outcome.ts";

/**
 * Keeps the permits of a provider in one or more shards. Each call is one atomic change of one shard, and throws
 * `Unreachable` when the store can't be had now.
 */
export interface PermitItems {
  /** Adds leases if the conditions hold; answers with the shard as it is afterwards, or as it refused. */
  take(request: TakeRequest): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }>;
  /** Removes leases, and adds up what their holder observed if they were still there. Repeating it is harmless. */
  giveBack(shard: number, leases: readonly string[], observed: Observed): Promise<void>;
  /** Removes leases that have run out. Repeating it is harmless. */
  prune(shard: number, leases: readonly string[]): Promise<void>;
  /** Shuts the gate until `untilMs`, unless it is shut for longer. */
  hold(shard: number, untilMs: number): Promise<void>;
  /** Changes what the breaker decides; what is left out stays. */
  govern(shard: number, decision: Partial<Decided>): Promise<void>;
  read(shard: number): Promise<PermitShard>;
}

/** Leases to add to a shard, and what must hold for it. */
export interface TakeRequest {
  readonly shard: number;
  readonly leases: readonly string[];
  /** The limit that the caller reckoned with; the shard refuses if another one is in force. */
  readonly ifLimit: number;
  /** At most this many leases may be out already. */
  readonly ifAtMostOut: number;
  /** The gate must not be held at this instant. */
  readonly nowMs: number;
}

/** One shard as stored. What the breaker has never decided is absent. */
export interface PermitShard extends Partial<Decided> {
  readonly leases: readonly string[];
  readonly heldUntilMs?: number;
}

/** What the breaker decides for the whole provider; each shard carries a copy. */
export interface Decided {
  readonly phase: Phase;
  readonly limit: number;
  readonly epoch: number;
}

/** closed: flowing; open: tripped; half-open: probing. */
export type Phase = "closed" | "open" | "half-open";

/** How many outcomes of each kind a holder has seen; a kind that it has not seen may be absent. */
export type Observed = Readonly<Partial<Record<OutcomeKind, number>>>;
