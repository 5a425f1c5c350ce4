import type { Lease, PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import { type Lane, otherLane } from "../provider/lane.ts";
import { type Gate, gateOf, type PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { learnSplit } from "./learn-split.ts";
import { hasLease, holderIn, leasesAt, makeLeases } from "./lease.ts";
import { type LeftWish, leaveWish, withdrawWish } from "./leave-wish.ts";
import { isBulksOwn, keptFor } from "./precedence.ts";
import { pruneLapsed } from "./prune-lapsed.ts";
import { wishesAt } from "./wish.ts";

/** A request for permits; the leases run until `leaseUntilMs`. */
export interface CheckOutRequest extends LeaseRequest {
  /** None was free a moment ago: a read comes first, because a refused write costs like a granted one. */
  readonly isRepeated?: boolean;
  /** Permits that are asked for; fewer may be granted. */
  readonly wanted: number;
  /** The wishes that it has left before, and that a grant fulfils. */
  readonly left?: LeftWish;
}

/** The holder and the times of leases. */
export interface LeaseRequest {
  readonly holderId: string;
  /** The lane of the records; the bulk's if it is left out. */
  readonly lane?: Lane;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

/** Answer to a request for permits. `full`: all permits are out, or kept for the other lane. */
export type CheckOut =
  | { readonly kind: "granted"; readonly permits: HeldPermits }
  | Full
  | Extract<Gate, { kind: "shut" }>;

interface Full {
  readonly kind: "full";
  /** The wishes that stand for the request now. */
  readonly left?: LeftWish;
}

/** Permits in hand. */
export interface HeldPermits extends EpochReading {
  readonly shardIndex: number;
  readonly leases: readonly Lease[];
  /** The one permit of a probe, which keeps others from probing until it is ended. */
  readonly isProbe?: true;
  /** They are the bulk's in its turn, and no wish takes them away. */
  readonly isKept?: true;
}

/** The present epoch as a shard has it. */
export interface EpochReading {
  /** The epoch of requests that start now. */
  readonly epoch: number;
  /** The instant of the last report of a success; 0 if there was none. */
  readonly lastOkAtMs: number;
  /** Rejections that were reported since. */
  readonly rejectedSinceOkCount: number;
}

/** Checks permits out of the shards of one provider. */
export interface Lender {
  /** @throws Unreachable, StoredRowInvalid */
  checkOut(request: CheckOutRequest): Promise<CheckOut>;
}

/** Shards asked before the pool counts as full: enough to find a free permit, few enough to stay cheap. */
const SHARDS_ASKED_MAX = 2;
/** Tries on one shard: the caller's idea of it may be old, and it may hold leases that have run out. */
export const TRIES_PER_SHARD = 3;
/** Times that a caller learns in one call that other shards lend than it knew of. */
const CORRECTIONS_MAX = 3;

type ShutGate = Extract<Gate, { kind: "shut" }>;

/** Answer of one shard. `elsewhere`: it lends nothing, but others may. */
type ShardAnswer =
  | Exclude<CheckOut, Full>
  | { readonly kind: "elsewhere" }
  | { readonly kind: "full"; readonly shard?: PermitShard };

/** A shard that has been found full. */
interface FullShard {
  readonly index: number;
  readonly shard: PermitShard;
}

/** Room for a lane on a shard, as it was seen last; all that there may be if it was not seen. */
interface Room {
  readonly shard?: PermitShard;
  readonly freeCount: number;
  /** Permits that are kept for the other lane's wishes. */
  readonly keptCount: number;
  /** Those wishes. */
  readonly wishCount: number;
}

/** The shards of a provider, and what the process knows of them. */
interface Shards {
  readonly items: PermitItems;
  readonly bounds: PermitBounds;
  readonly known: KnownShards;
}

/** Makes a lender. It remembers its last shard with a free permit: one is likely free there again. */
export function createLender(
  items: PermitItems,
  bounds: PermitBounds,
  known: KnownShards,
  random: Random,
): Lender {
  const shards: Shards = { items, bounds, known };
  const anyShard = () => Math.floor(random.next() * known.shardCount());
  let favouriteShard = anyShard();

  async function checkOut(request: CheckOutRequest): Promise<CheckOut> {
    let corrections = 0;
    let full: FullShard | undefined;
    let first = request.left?.shardIndex ?? favouriteShard;
    for (let asked = 0; asked < Math.min(SHARDS_ASKED_MAX, known.lendingCount()); ) {
      const index = (first + asked) % known.lendingCount();
      const answer = await askShard(shards, index, request);
      if (answer.kind === "elsewhere") {
        corrections += 1;
        if (corrections > CORRECTIONS_MAX) break;
        first = anyShard();
        full = undefined;
        asked = 0;
        continue;
      }
      if (answer.kind === "granted") {
        favouriteShard = index;
        await withdrawElsewhere(shards, index, request);
      }
      if (answer.kind !== "full") return answer;
      if (answer.shard !== undefined) full ??= { index, shard: answer.shard };
      asked += 1;
    }
    favouriteShard = anyShard();
    const left = full === undefined ? request.left : await leaveWishOn(shards, full, request);
    return { kind: "full", ...(left && { left }) };
  }

  return { checkOut };
}

async function withdrawElsewhere({ items }: Shards, index: number, { left }: CheckOutRequest): Promise<void> {
  if (left !== undefined && left.shardIndex !== index) await withdrawWish(items, left);
}

function leaveWishOn(
  { items, known }: Shards,
  { index, shard }: FullShard,
  { lane = "records", ...request }: CheckOutRequest,
): Promise<LeftWish | undefined> {
  return leaveWish(items, index, known.shareOf(index), shard, { lane, ...request });
}

async function askShard(shards: Shards, index: number, request: CheckOutRequest): Promise<ShardAnswer> {
  const { items, bounds, known } = shards;
  const { nowMs, wanted } = request;
  let room = request.isRepeated ? await peek(shards, index, request) : anyRoom(known.shareOf(index));
  if ("kind" in room) return room;
  for (let tries = 0; tries < TRIES_PER_SHARD; tries += 1) {
    const share = known.shareOf(index);
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
    room = roomIn(shard, known.shareOf(index), request);
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
  return gate.kind === "shut" ? gate : roomIn(shard, known.shareOf(index), request);
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
    ifLimit: known.limit(),
    ifSplit: known.shardCount(),
    ifAtMostOut: known.shareOf(index) - keptCount - leases.length,
    nowMs,
    inLane: {
      lane,
      ifAtMostWishes: wishCount,
      fulfils: left?.shardIndex === index ? left.wishes : [],
      // A shard on which the bulk waits refuses whoever has not seen it.
      ...(lane === "express" && seen !== undefined && { expressRun: seen.expressRun + 1 }),
    },
  });
  // A take whose answer was lost and that the client repeated is refused by its own leases.
  const isTaken = kind === "taken" || leases.every((lease) => hasLease(shard.leases, lease));
  if (isTaken) known.note(shard);
  return { isTaken, shard };
}

/** The leases that a request asks for. */
export function leasesFor(
  { holderId, lane = "records", nowMs, leaseUntilMs }: LeaseRequest,
  count: number,
): Lease[] {
  return makeLeases(holderIn(lane, holderId), count, nowMs, leaseUntilMs);
}

/** A granted check-out. */
export function granted(
  index: number,
  leases: readonly Lease[],
  shard: PermitShard,
  more: Pick<HeldPermits, "isProbe" | "isKept"> = {},
): Extract<CheckOut, { kind: "granted" }> {
  return { kind: "granted", permits: { shardIndex: index, leases, ...epochReadingOf(shard), ...more } };
}

/** The present epoch according to a shard. */
export function epochReadingOf({ epoch, lastOkAtMs, rejectedSinceOkCount }: PermitShard): EpochReading {
  return { epoch, lastOkAtMs, rejectedSinceOkCount };
}
