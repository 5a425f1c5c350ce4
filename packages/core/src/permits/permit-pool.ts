import type { Lease, PermitItems, PermitShard, Report } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import {
  type CheckOut,
  type CheckOutRequest,
  createLender,
  type EpochReading,
  epochReadingOf,
  type HeldPermits,
  type LeaseRequest,
} from "./check-out.ts";
import { checkOutProbe, type ProbeReading, readProbe } from "./check-out-probe.ts";
import { type Gate, gateFor, type PermitBounds } from "./gate.ts";
import { shardIndexes } from "./shares.ts";

/**
 * Lends permits: at most min(L, X) at any time, over all shards and at any settings of the mappings.
 *
 * Each call throws `Unreachable` when the table can't be had now, and `StoredRowInvalid` when a shard is
 * unreadable.
 */
export interface PermitPool {
  /** Asks for up to `wanted` permits at once; fewer may be granted. */
  checkOut(request: CheckOutRequest): Promise<CheckOut>;
  /** Asks for the one permit of a probe; granted only while half-open, to one at a time, and never beyond X. */
  checkOutProbe(request: LeaseRequest): Promise<CheckOut>;
  /** Reads whether that permit is to be had. */
  readProbe(nowMs: number): Promise<ProbeReading>;
  /** Lets the next comer probe after one that was checked in; of no effect if a decision has been made. */
  endProbe(held: HeldPermits): Promise<void>;
  /** Returns permits with a report of their requests. Leases in `withheld` are left to run out. */
  checkIn(held: HeldPermits, report: Report, withheld: ReadonlySet<Lease>): Promise<PermitShard>;
  /** Adds a report and keeps the permits. */
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
export function createPermitPool(items: PermitItems, bounds: PermitBounds, random: Random): PermitPool {
  const lender = createLender(items, bounds, random);
  return {
    checkOut: lender.checkOut,
    checkOutProbe: (request) => checkOutProbe(items, bounds, request),
    readProbe: (nowMs) => readProbe(items, bounds, nowMs),
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
      lender.noteLimit(shard);
      return {
        ...epochReadingOf(shard),
        gateFor: (lease) => gateFor(lease, shard, held.shardIndex, bounds, nowMs),
      };
    },
    async hold(untilMs) {
      await Promise.all(shardIndexes(bounds.shardCount).map((index) => items.hold(index, untilMs)));
    },
  };
}
