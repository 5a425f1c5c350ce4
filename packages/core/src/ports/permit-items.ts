import type { Control, Phase } from "../law/control.ts";
import type { Evidence } from "../law/evidence.ts";

/**
 * The permits of a provider, and the evidence of their holders, in one or more shards. Each call is one
 * atomic change of one shard unless it says otherwise.
 *
 * Each call throws `Unreachable` when the store can't be had now, and `StoredRowInvalid` when the shard is
 * unreadable.
 */
export interface PermitItems {
  /** Adds leases if the conditions hold; answers with the shard as it is afterwards, or as it refused. */
  take(request: TakeRequest): Promise<{ readonly kind: "taken" | "refused"; readonly shard: PermitShard }>;
  /**
   * Removes leases, and adds up their holder's report if they were still there and the shard is still in the
   * report's epoch; in a later one they are only removed, by a second write. Repeating it is harmless.
   * Answers with the shard as it is afterwards.
   */
  giveBack(shard: number, leases: readonly Lease[], report: Report): Promise<PermitShard>;
  /**
   * Adds up a holder's report, unless the shard is in a later epoch. Repeating it adds it twice.
   * Answers with the shard as it is afterwards.
   */
  report(shard: number, report: Report): Promise<PermitShard>;
  /** Removes leases that have run out. Repeating it is harmless. */
  prune(shard: number, leases: readonly Lease[]): Promise<void>;
  /** Shuts the gate until `untilMs`, unless it is shut for longer. */
  hold(shard: number, untilMs: number): Promise<void>;
  /** Lets the next comer probe, unless another probe than the one until `probeUntilMs` has begun since. */
  endProbe(shard: number, probeUntilMs: number): Promise<void>;
  /**
   * Replaces a shard's control, clears its evidence and ends a probe that has begun; an epoch not later than
   * the shard's is ignored.
   */
  setControl(shard: number, control: Control): Promise<void>;
  /** The shard as of now, all writes that were answered included; one that was never written is undecided. */
  read(shard: number): Promise<PermitShard>;
}

/** The right to have one request in flight, until it is given back or runs out. */
export interface Lease {
  /** The lease as it is stored; equal texts are the same lease. */
  readonly text: string;
  readonly takenAtMs: number;
  readonly expiresAtMs: number;
}

/** Leases to add to a shard, and the conditions for it. */
export interface TakeRequest {
  readonly shardIndex: number;
  readonly leases: readonly Lease[];
  readonly ifPhase: Phase;
  /** The limit that the caller reckoned with; the shard refuses if another one is in force. */
  readonly ifLimit: number;
  /** Most leases that may be out already. */
  readonly ifAtMostOut: number;
  /** The present instant, at which the gate must not be held. */
  readonly nowMs: number;
  /** The leases are a probe's, which keeps others from probing until then; refused while another does. */
  readonly probeUntilMs?: number;
}

/** Evidence of requests that a holder of permits started in one epoch. */
export interface Report {
  readonly epoch: number;
  /** Sums that are left out are zero. */
  readonly evidence: Partial<Evidence>;
  /** The instant at which it was made: that of the last success, if it brings one. */
  readonly atMs: number;
}

/** One shard; its control is `UNDECIDED` until a decision reaches it. */
export interface PermitShard extends Control {
  readonly leases: readonly Lease[];
  /** The end of the hold on the gate; 0 if there never was one. */
  readonly heldUntilMs: number;
  /** The end of the lease of the probe under way; 0 if there is none. */
  readonly probeUntilMs: number;
  /** Evidence of the shard's epoch. */
  readonly evidence: Evidence;
  /** The instant of the last report that brought a success; 0 if none did. */
  readonly lastOkAtMs: number;
}
