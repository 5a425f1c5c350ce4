import type { Evidence } from "../law/evidence.ts";
import type { Phase } from "../law/law.ts";

/**
 * Keeps the permits of a provider, and what was observed with them, in one or more shards. Each call is one atomic
 * change of one shard unless it says otherwise, and throws `Unreachable` when the store can't be had now.
 */
export interface PermitItems {
  /** Adds leases if the conditions hold; answers with the shard as it is afterwards, or as it refused. */
  take(request: TakeRequest): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }>;
  /**
   * Removes leases, and adds up what their holder observed if they were still there and the shard is still in the
   * report's epoch; in a later one they are only removed, by a second write. Repeating it is harmless.
   * Answers with the shard as it is afterwards.
   */
  giveBack(shard: number, leases: readonly string[], report: Report): Promise<PermitShard>;
  /**
   * Adds up what a holder has observed so far, unless the shard is in a later epoch. Repeating it adds it twice.
   * Answers with the shard as it is afterwards.
   */
  report(shard: number, report: Report): Promise<PermitShard>;
  /** Removes leases that have run out. Repeating it is harmless. */
  prune(shard: number, leases: readonly string[]): Promise<void>;
  /** Shuts the gate until `untilMs`, unless it is shut for longer. */
  hold(shard: number, untilMs: number): Promise<void>;
  /** Tells a shard what the breaker has decided, and clears its evidence; an epoch not later than the shard's is ignored. */
  setControl(shard: number, decided: Control): Promise<void>;
  read(shard: number): Promise<PermitShard>;
}

/** Leases to add to a shard, and what must hold for it. */
export interface TakeRequest {
  readonly shard: number;
  readonly leases: readonly string[];
  /** A shard that was never governed is closed. */
  readonly ifPhase: Phase;
  /** The limit that the caller reckoned with; the shard refuses if another one is in force. */
  readonly ifLimit: number;
  /** At most this many leases may be out already. */
  readonly ifAtMostOut: number;
  /** The gate must not be held at this instant. */
  readonly nowMs: number;
}

/** What a holder observed of requests that it started in one epoch. */
export interface Report {
  readonly epoch: number;
  /** Sums that are left out are zero. */
  readonly evidence: Partial<Evidence>;
  readonly atMs: number;
}

/** One shard as stored. What the breaker has never decided is absent; the epoch is 0 then. */
export interface PermitShard extends Partial<Control> {
  readonly leases: readonly string[];
  readonly heldUntilMs?: number;
  /** Of the shard's epoch. */
  readonly evidence: Evidence;
  /** When a report last brought a success. */
  readonly lastOkAtMs?: number;
}

/** What the breaker decides for the whole provider; each shard carries a copy. */
export interface Control {
  readonly phase: Phase;
  readonly limit: number;
  readonly epoch: number;
}
