import type { Lease, PermitItems, PermitShard } from "../ports/permit-items.ts";
import { otherLane } from "../provider/lane.ts";
import {
  type CheckOut,
  type CheckOutRequest,
  granted,
  type HeldPermits,
  leasesFor,
  TRIES_PER_SHARD,
} from "./check-out.ts";
import { type Gate, gateOf, type PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { learnSplit } from "./learn-split.ts";
import { hasLease, leasesAt } from "./lease.ts";
import { isBulksOwn, keptFor } from "./precedence.ts";
import { pruneLapsed } from "./prune-lapsed.ts";
import { wishesAt } from "./wish.ts";

/** The shards of a provider, and what the process knows of them. */
export interface Shards {
  readonly items: PermitItems;
  readonly bounds: PermitBounds;
  readonly known: KnownShards;
}

/** Answer of one shard. `elsewhere`: it lends nothing, but others may. */
export type ShardAnswer =
  | Exclude<CheckOut, { readonly kind: "full" }>
  | { readonly kind: "elsewhere" }
  | { readonly kind: "full"; readonly shard?: PermitShard };

type ShutGate = Extract<Gate, { kind: "shut" }>;

/** Room for a lane on a shard, as it was seen last; all that there may be if it was not seen. */
interface Room {
  readonly shard?: PermitShard;
  readonly freeCount: number;
  /** Permits that are kept for the other lane's wishes. */
  readonly keptCount: number;
  /** Those wishes. */
  readonly wishCount: number;
}

/** Asks one shard for permits. @throws Unreachable, StoredRowInvalid */
export async function askShard(
  shards: Shards,
  index: number,
  request: CheckOutRequest,
): Promise<ShardAnswer> {
  const { items, bounds, known } = shards;
  const { nowMs, wanted } = request;
  let room = request.isRepeated ? await peek(shards, index, request) : anyRoom(known.shareOf(index, nowMs));
  if ("kind" in room) return room;
  for (let tries = 0; tries < TRIES_PER_SHARD; tries += 1) {
    const share = known.shareOf(index, nowMs);
    if (share === 0) return { kind: "elsewhere" };
    if (room.freeCount <= 0) break;
    const leases = leasesFor(request, Math.min(wanted, room.freeCount, share));
    const { isTaken, shard } = await take(shards, index, leases, room, request);
    if (isTaken) return granted(index, leases, shard, keptIn(room, share, request));
    const correction = await learnSplit(items, bounds, known, index, shard, nowMs);
    if (correction !== "known") return { kind: correction };
    const gate = gateOf(shard, nowMs);
    if (gate.kind === "shut") return gate;
    await pruneLapsed(items, index, shard, nowMs);
    room = roomIn(shard, known.shareOf(index, nowMs), request);
  }
  return { kind: "full", ...(room.shard && { shard: room.shard }) };
}

/** The room on a shard, or the gate while it is shut; some where only a take tells why there is none. */
async function peek(
  { items, known }: Shards,
  index: number,
  request: CheckOutRequest,
): Promise<Room | ShutGate> {
  const shard = await items.read(index);
  const isKnown = shard.split.kind === "lending" && shard.split.count === known.shardCount();
  if (!isKnown) return anyRoom(1);
  known.note(shard);
  const gate = gateOf(shard, request.nowMs);
  return gate.kind === "shut" ? gate : roomIn(shard, known.shareOf(index, request.nowMs), request);
}

function anyRoom(freeCount: number): Room {
  return { freeCount, keptCount: 0, wishCount: 0 };
}

function roomIn(shard: PermitShard, share: number, { lane = "records", nowMs }: CheckOutRequest): Room {
  const other = otherLane(lane);
  const keptCount = keptFor(other, share, shard, nowMs);
  const freeCount = share - leasesAt(shard.leases, nowMs).live.length - keptCount;
  return { shard, freeCount, keptCount, wishCount: wishesAt(shard.wishes[other], nowMs).live.length };
}

function keptIn(
  { shard }: Room,
  share: number,
  { lane = "records", nowMs }: CheckOutRequest,
): Pick<HeldPermits, "isKept"> {
  return shard !== undefined && isBulksOwn(lane, share, shard, nowMs) ? { isKept: true } : {};
}

async function take(
  { items, known }: Shards,
  index: number,
  leases: readonly Lease[],
  { shard: seen, keptCount, wishCount }: Room,
  { lane = "records", left, nowMs }: CheckOutRequest,
) {
  const { kind, shard } = await items.take({
    shardIndex: index,
    leases,
    ifPhase: "closed",
    ...known.limitsAt(nowMs),
    ifSplit: known.shardCount(),
    ifAtMostOut: known.shareOf(index, nowMs) - keptCount - leases.length,
    nowMs,
    inLane: {
      lane,
      ifAtMostWishes: wishCount,
      fulfils: left?.shardIndex === index ? left.wishes : [],
      // Whoever has not seen the shard is refused while the bulk waits on it, so that no streak is cut short.
      ...(lane === "express" && { expressStreak: (seen?.expressStreak ?? 0) + 1 }),
    },
  });
  // A take whose answer was lost and that the client repeated is refused by its own leases.
  const isTaken = kind === "taken" || leases.every((lease) => hasLease(shard.leases, lease));
  if (isTaken) known.note(shard);
  return { isTaken, shard };
}
