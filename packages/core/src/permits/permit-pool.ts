import type { Lease, PermitItems, PermitShard, Report } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import {
  type CheckOut,
  type CheckOutRequest,
  type EpochReading,
  epochReadingOf,
  type HeldPermits,
  type LeaseRequest,
} from "./check-out.ts";
import { checkOutProbe, type ProbeReading, readProbe } from "./check-out-probe.ts";
import { watchTakes } from "./doubtful-takes.ts";
import { type Gate, gateFor, type PermitBounds } from "./gate.ts";
import { createKnownShards } from "./known-shards.ts";
import { type LeftWish, withdrawWish } from "./leave-wish.ts";
import { createLender } from "./lender.ts";
import { shardIndexesNow } from "./split.ts";

/**
 * Lends permits: at most min(L, X) at any time, over all shards and at any settings of the mappings, and at most the
 * largest X of those that lend while versions with different contracts run side by side.
 *
 * Each call throws `Unreachable` when the table can't be had now, and `StoredRowInvalid` when a shard is
 * unreadable.
 */
export interface PermitPool {
  /** The limit in force as this process knows it, of X at most; X before it has seen any. */
  knownLimit(nowMs: number): number;
  /** Asks for up to `wanted` permits at once; fewer may be granted. */
  checkOut(request: CheckOutRequest): Promise<CheckOut>;
  /** Withdraws the wishes of a batch that waits no longer; what can't be withdrawn runs out in seconds. */
  withdraw(left: LeftWish): Promise<void>;
  /** Asks for the one permit of a probe; granted only while half-open, to one at a time, and never beyond X. */
  checkOutProbe(request: LeaseRequest): Promise<CheckOut>;
  /** Reads whether that permit is to be had. */
  readProbe(nowMs: number): Promise<ProbeReading>;
  /** Lets the next comer probe after one that was checked in; of no effect if a decision has been made. */
  endProbe(held: HeldPermits): Promise<void>;
  /**
   * Removes permits that check-outs without an answer may have taken: nobody holds them. Repeating it is harmless.
   */
  freeDoubtful(): Promise<void>;
  /**
   * Returns permits with a report of their requests. Leases in `withheld` are left to run out. Repeating it is
   * harmless, unless all are withheld: see {@link PermitPool.report}.
   */
  checkIn(held: HeldPermits, report: Report, withheld: ReadonlySet<Lease>): Promise<PermitShard>;
  /** Adds a report and keeps the permits. It is not to be repeated: the evidence could count twice. */
  report(held: HeldPermits, report: Report): Promise<PermitShard>;
  /** Reads the holder's shard anew. */
  readGate(held: HeldPermits, nowMs: number): Promise<GateReading>;
  /** Shuts the gate for the whole provider until an instant. */
  hold(untilMs: number): Promise<void>;
}

/** A reading of the gate. */
export interface GateReading extends EpochReading {
  /** The gate for the holder of a lease that is about to start a record. */
  gateFor(lease: Lease): Gate;
}

/** A pool for one provider. */
export function createPermitPool(shards: PermitItems, bounds: PermitBounds, random: Random): PermitPool {
  const { items, free } = watchTakes(shards);
  const known = createKnownShards(bounds);
  const lender = createLender(items, bounds, known, random);
  return {
    knownLimit: known.limitOf,
    async checkOut(request) {
      // Else a permit that an earlier try has taken without knowing would be missing.
      await free();
      return lender.checkOut(request);
    },
    withdraw: (left) => withdrawWish(items, left),
    async checkOutProbe(request) {
      await free();
      return checkOutProbe(items, bounds, known, request);
    },
    freeDoubtful: free,
    readProbe: (nowMs) => readProbe(items, bounds, known, nowMs),
    async endProbe({ shardIndex, leases: [lease] }) {
      if (lease !== undefined) await items.endProbe(shardIndex, lease.expiresAtMs);
    },
    async checkIn(held, report, withheld) {
      const returned = held.leases.filter((lease) => !withheld.has(lease));
      return returned.length > 0
        ? items.giveBack(held.shardIndex, returned, report)
        : items.report(held.shardIndex, report);
    },
    report: (held, report) => items.report(held.shardIndex, report),
    async readGate(held, nowMs) {
      const shard = await items.read(held.shardIndex);
      known.note(shard);
      return {
        ...epochReadingOf(shard),
        gateFor: (lease) => gateOfHolder(held, gateFor(lease, shard, held, bounds, nowMs)),
      };
    },
    async hold(untilMs) {
      const indexes = await shardIndexesNow(items, bounds);
      await Promise.all(indexes.map((index) => items.hold(index, untilMs)));
    },
  };
}

/** The probe is what all others wait for. */
function gateOfHolder({ isProbe }: HeldPermits, gate: Gate): Gate {
  const isOwnProbe = isProbe === true && gate.kind === "shut" && gate.reason === "probing";
  return isOwnProbe ? { kind: "open" } : gate;
}
