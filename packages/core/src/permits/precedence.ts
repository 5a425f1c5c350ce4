import type { Lease, PermitShard } from "../ports/permit-items.ts";
import type { Lane } from "../provider/lane.ts";
import { isBefore, laneOf, leasesAt } from "./lease.ts";
import { wishesAt } from "./wish.ts";

/*
 * The lane that a free permit is for, while both wait. Express records come first, up to four fifths of a shard's share,
 * rounded down; the rest is the bulk's. Where that rounds to none because the shard lends one permit, the lanes
 * alternate: four takes of express in a row, and then one of the bulk. A permit that only one lane wants is that lane's.
 */

/** The express lane's part of a share. */
const EXPRESS_PART = 0.8;
/** That part in takes of a single permit, one after the other: 4 of 5. */
const EXPRESS_STREAK_MAX = 4;

type Shard = Pick<PermitShard, "leases" | "wishes" | "expressStreak">;

/** Most permits of a share that are kept for the express lane: the bulk's wishes get the others. */
export function expressMost(share: number, { expressStreak }: Pick<Shard, "expressStreak">): number {
  if (share === 1) return expressStreak < EXPRESS_STREAK_MAX ? 1 : 0;
  return Math.floor(share * EXPRESS_PART);
}

/** Permits of a share that are kept for a lane, because it has wishes: out or free, the other lane may not take them. */
export function keptFor(lane: Lane, share: number, shard: Shard, nowMs: number): number {
  const most = expressMost(share, shard);
  const leftCount = (lane === "express" ? most : share - most) - outCountOf(lane, shard, nowMs);
  return Math.min(Math.max(0, leftCount), wishesAt(shard.wishes[lane], nowMs).live.length);
}

function outCountOf(lane: Lane, { leases }: Shard, nowMs: number): number {
  return leasesAt(leases, nowMs).live.filter((lease) => laneOf(lease) === lane).length;
}

/**
 * True if a lane that finds no permit may leave a wish: the bulk only while the express lane has its part or waits for it, so
 * that it writes nothing more as long as there are no express records, or few.
 */
export function mayWish(lane: Lane, share: number, shard: Shard, nowMs: number): boolean {
  if (lane === "express") return true;
  const waitingCount = wishesAt(shard.wishes.express, nowMs).live.length;
  return outCountOf("express", shard, nowMs) + waitingCount >= expressMost(share, { expressStreak: 0 });
}

/** True of a permit that the bulk takes because its turn has come: no wish takes it away before its batch ends. */
export function isBulksOwn(lane: Lane, share: number, shard: Shard, nowMs: number): boolean {
  return (
    lane === "records" &&
    expressMost(share, shard) === 0 &&
    wishesAt(shard.wishes.express, nowMs).live.length > 0
  );
}

/**
 * True if the holder of a bulk lease is to return it before its next start: no permit is free that is kept for the
 * express lane, and of the bulk's this is among the last that were taken. All holders judge alike without talking.
 */
export function isAwaited(lease: Lease, share: number, shard: Shard, nowMs: number): boolean {
  if (laneOf(lease) === "express") return false;
  const { live } = leasesAt(shard.leases, nowMs);
  const missingCount = keptFor("express", share, shard, nowMs) - Math.max(0, share - live.length);
  const laterCount = live.filter((other) => laneOf(other) === "records" && isBefore(lease, other)).length;
  return laterCount < missingCount;
}
