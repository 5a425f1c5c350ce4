import type { Lease, PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import { type Gate, gateOf, type PermitBounds } from "./gate.ts";
import type { KnownShards } from "./known-shards.ts";
import { learnSplit } from "./learn-split.ts";
import { hasLease, leasesAt, makeLeases } from "./lease.ts";
import { pruneLapsed } from "./prune-lapsed.ts";

/** A request for permits; the leases run until `leaseUntilMs`. */
export interface CheckOutRequest extends LeaseRequest {
  /** None was free a moment ago: a read comes first, because a refused write costs like a granted one. */
  readonly isRepeated?: boolean;
  /** Permits that are asked for; fewer may be granted. */
  readonly wanted: number;
}

/** The holder and the times of leases. */
export interface LeaseRequest {
  readonly holderId: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

/** Answer to a request for permits. `full`: all permits are out. */
export type CheckOut =
  | { readonly kind: "granted"; readonly permits: HeldPermits }
  | { readonly kind: "full" }
  | Extract<Gate, { kind: "shut" }>;

/** Permits in hand. */
export interface HeldPermits extends EpochReading {
  readonly shardIndex: number;
  readonly leases: readonly Lease[];
  /** The one permit of a probe, which keeps others from probing until it is ended. */
  readonly isProbe?: true;
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
type ShardAnswer = CheckOut | { readonly kind: "elsewhere" };

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
    for (let asked = 0; asked < Math.min(SHARDS_ASKED_MAX, known.lendingCount()); ) {
      const index = (favouriteShard + asked) % known.lendingCount();
      const answer = await askShard(shards, index, request);
      if (answer.kind === "elsewhere") {
        corrections += 1;
        if (corrections > CORRECTIONS_MAX) break;
        favouriteShard = anyShard();
        asked = 0;
        continue;
      }
      if (answer.kind === "granted") favouriteShard = index;
      if (answer.kind !== "full") return answer;
      asked += 1;
    }
    favouriteShard = anyShard();
    return { kind: "full" };
  }

  return { checkOut };
}

async function askShard(shards: Shards, index: number, request: CheckOutRequest): Promise<ShardAnswer> {
  const { items, bounds, known } = shards;
  const { nowMs, wanted } = request;
  let freeCount = request.isRepeated ? await peek(shards, index, nowMs) : known.shareOf(index);
  if (typeof freeCount === "object") return freeCount;
  for (let tries = 0; tries < TRIES_PER_SHARD; tries += 1) {
    const share = known.shareOf(index);
    if (share === 0) return { kind: "elsewhere" };
    if (freeCount <= 0) break;
    const leases = leasesFor(request, Math.min(wanted, freeCount, share));
    const { isTaken, shard } = await take(shards, index, leases, nowMs);
    if (isTaken) return granted(index, leases, shard);
    const correction = await learnSplit(items, bounds, known, index, shard, nowMs);
    if (correction !== "known") return { kind: correction };
    const gate = gateOf(shard, nowMs);
    if (gate.kind === "shut") return gate;
    const live = await pruneLapsed(items, index, shard, nowMs);
    freeCount = known.shareOf(index) - live.length;
  }
  return { kind: "full" };
}

/** Permits that are free, or the gate while it is shut; one where only a take tells why there is none. */
async function peek({ items, known }: Shards, index: number, nowMs: number): Promise<number | ShutGate> {
  const shard = await items.read(index);
  const isKnown = shard.split.kind === "lending" && shard.split.count === known.shardCount();
  if (!isKnown) return 1;
  known.note(shard);
  const gate = gateOf(shard, nowMs);
  return gate.kind === "shut" ? gate : known.shareOf(index) - leasesAt(shard.leases, nowMs).live.length;
}

async function take({ items, known }: Shards, index: number, leases: readonly Lease[], nowMs: number) {
  const { kind, shard } = await items.take({
    shardIndex: index,
    leases,
    ifPhase: "closed",
    ifLimit: known.limit(),
    ifSplit: known.shardCount(),
    ifAtMostOut: known.shareOf(index) - leases.length,
    nowMs,
  });
  // A take whose answer was lost and that the client repeated is refused by its own leases.
  const isTaken = kind === "taken" || leases.every((lease) => hasLease(shard.leases, lease));
  if (isTaken) known.note(shard);
  return { isTaken, shard };
}

/** The leases that a request asks for. */
export function leasesFor({ holderId, nowMs, leaseUntilMs }: LeaseRequest, count: number): Lease[] {
  return makeLeases(holderId, count, nowMs, leaseUntilMs);
}

/** A granted check-out. */
export function granted(
  index: number,
  leases: readonly Lease[],
  shard: PermitShard,
  more: Pick<HeldPermits, "isProbe"> = {},
): CheckOut {
  return { kind: "granted", permits: { shardIndex: index, leases, ...epochReadingOf(shard), ...more } };
}

/** The present epoch according to a shard. */
export function epochReadingOf({ epoch, lastOkAtMs, rejectedSinceOkCount }: PermitShard): EpochReading {
  return { epoch, lastOkAtMs, rejectedSinceOkCount };
}
