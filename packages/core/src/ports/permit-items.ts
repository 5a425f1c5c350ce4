import type { Control, Phase } from "../law/control.ts";
import type { Evidence } from "../law/evidence.ts";
import type { ByLane, Lane } from "../provider/lane.ts";
import type { DrainingSplit, LendingSplit, Split } from "./split.ts";

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
   * Adds up a holder's report, unless the shard is in a later epoch. It is sent once and never repeated, because
   * a repeat would count twice: after `Unreachable` it may have been added or not.
   * Answers with the shard as it is afterwards.
   */
  report(shard: number, report: Report): Promise<PermitShard>;
  /** Removes leases without a report. Repeating it is harmless. */
  prune(shard: number, leases: readonly Lease[]): Promise<void>;
  /**
   * Adds wishes of a lane, unless it had more than `ifAtMostWishes` on the shard before. Repeating it is harmless, as it
   * is for {@link PermitItems.withdraw}.
   */
  wish(shard: number, lane: Lane, wishes: readonly Wish[], ifAtMostWishes: number): Promise<void>;
  /** Removes wishes of a lane. */
  withdraw(shard: number, lane: Lane, wishes: readonly Wish[]): Promise<void>;
  /** Adds leases whatever else is out: they stand for such that count already. Repeating it is harmless. */
  add(shard: number, leases: readonly Lease[]): Promise<void>;
  /** Shuts the gate until `untilMs`, unless it is shut for longer. */
  hold(shard: number, untilMs: number): Promise<void>;
  /**
   * Copies the hold that operators have ordered, in place of the copy before; a version not later than the shard's is
   * ignored.
   */
  setOrderedHold(shard: number, hold: OrderedHold): Promise<void>;
  /** Lets the next comer probe, unless another probe than the one until `probeUntilMs` has begun since. */
  endProbe(shard: number, probeUntilMs: number): Promise<void>;
  /**
   * Replaces a shard's control, clears its evidence and ends a probe that has begun; an epoch not later than
   * the shard's is ignored.
   */
  setControl(shard: number, control: Control): Promise<void>;
  /** Replaces a shard's split; a version not later than the shard's is ignored. */
  setSplit(shard: number, split: LendingSplit | DrainingSplit): Promise<void>;
  /** The shard as of now, all writes that were answered included; one that was never written is undecided. */
  read(shard: number): Promise<PermitShard>;
}

/** The right to have one request in flight, until it is given back or runs out. */
export interface Lease {
  /** The lease as it is stored; equal texts are the same lease. */
  readonly text: string;
  /**
   * Orders the leases of a shard: a lower rank was taken earlier, by seconds. Ranks begin anew every few hours, after which later
   * leases rank first for as long as the earlier ones last.
   */
  readonly rank: number;
  /** Infinite if the stored text can't be read. */
  readonly expiresAtMs: number;
}

/** A permit that a batch waits for, until the wish is fulfilled, withdrawn or runs out. */
export interface Wish {
  /** The wish as it is stored; equal texts are the same wish. */
  readonly text: string;
  /** 0 if the stored text can't be read: it has run out. */
  readonly untilMs: number;
}

/** Leases to add to a shard, and the conditions for it. */
export interface TakeRequest {
  readonly shardIndex: number;
  readonly leases: readonly Lease[];
  readonly ifPhase: Phase;
  /** The limit as it is stored, whatever X is; the shard refuses if it has another one. */
  readonly ifLimit: number;
  /** The limit after a pin's end that the caller reckons with; the shard refuses if it has another one. */
  readonly ifUnpinnedLimit?: number;
  /** The number of shards that the caller reckoned with; a shard that is not lending as one of so many refuses. */
  readonly ifSplit: number;
  /** Most leases that may be out already. */
  readonly ifAtMostOut: number;
  /** The present instant, at which the gate must not be held, and the control's end not be over. */
  readonly nowMs: number;
  /** The leases are a probe's, which keeps others from probing until then; refused while another does. */
  readonly probeUntilMs?: number;
  /** The part of its lane; absent for a probe's. */
  readonly inLane?: LaneTake;
}

/** A lane's part in a take. */
export interface LaneTake {
  readonly lane: Lane;
  /** Most wishes that the other lane may have. */
  readonly ifAtMostWishes: number;
  /** The wishes of its own lane that it fulfils: they are removed. */
  readonly fulfils: readonly Wish[];
  /** The streak from an express take on; left out, it stays as it is. A take of the bulk ends it. */
  readonly expressStreak?: number;
}

/** Evidence of requests that a holder of permits started in one epoch. */
export interface Report {
  readonly epoch: number;
  /** Sums that are left out are zero. */
  readonly evidence: Partial<Evidence>;
  /** The instant at which it was made: that of the last success, if it brings one. */
  readonly atMs: number;
}

/** A shard's copy of the hold that operators have ordered. */
export interface OrderedHold {
  /** The version of the orders that it was copied from. */
  readonly version: number;
  readonly fromMs: number;
  /** Not later than `fromMs` if the orders have no hold. */
  readonly untilMs: number;
}

/** One shard; its control is `UNDECIDED` until a decision reaches it. */
export interface PermitShard extends Control {
  readonly leases: readonly Lease[];
  /** The wishes of each lane, those included that have run out. */
  readonly wishes: ByLane<readonly Wish[]>;
  /** Takes of the express lane one after the other, at least since the bulk has wishes; 0 if the last one was the bulk's. */
  readonly expressStreak: number;
  readonly split: Split;
  /** The end of the hold that the provider has asked for; 0 if there never was one. */
  readonly heldUntilMs: number;
  /** Absent as long as operators have given no order. */
  readonly orderedHold?: OrderedHold;
  /** The end of the lease of the probe under way; 0 if there is none. */
  readonly probeUntilMs: number;
  /** Evidence of the shard's epoch. */
  readonly evidence: Evidence;
  /** The instant of the last report that brought a success; 0 if none did. */
  readonly lastOkAtMs: number;
  /** Rejections in the reports after that one, of any epoch, without those that speak of their record alone. */
  readonly rejectedSinceOkCount: number;
}
