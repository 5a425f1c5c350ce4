import type { Lease, PermitItems, PermitShard } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import { type Gate, gateOf, limitOf, type PermitBounds } from "./gate.ts";
import { hasLease, leasesAt, makeLeases } from "./lease.ts";
import { pruneLapsed } from "./prune-lapsed.ts";
import { shardShare } from "./shares.ts";

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
}

/** Checks permits out of the shards of one provider. */
export interface Lender {
  /** @throws Unreachable, StoredRowInvalid */
  checkOut(request: CheckOutRequest): Promise<CheckOut>;
  /** Takes note of the limit that a shard is under. */
  noteLimit(shard: PermitShard): void;
}

/** Shards asked before the pool counts as full: enough to find a free permit, few enough to stay cheap. */
const SHARDS_ASKED_MAX = 2;
/** Tries on one shard: the caller's idea of it may be old, and it may hold leases that have run out. */
export const TRIES_PER_SHARD = 3;

/** Makes a lender. It remembers its last shard with a free permit: one is likely free there again. */
export function createLender(items: PermitItems, bounds: PermitBounds, random: Random): Lender {
  const anyShard = () => Math.floor(random.next() * bounds.shardCount);
  let knownLimit = bounds.maxConcurrency;
  let favouriteShard = anyShard();

  function noteLimit(shard: PermitShard): void {
    knownLimit = limitOf(shard, bounds);
  }

  /** Permits that a shard may lend at the known limit. */
  function shareOf(index: number): number {
    return shardShare(knownLimit, bounds.shardCount, index);
  }

  async function checkOut(request: CheckOutRequest): Promise<CheckOut> {
    let checkOut: CheckOut = { kind: "full" };
    for (const index of shardsToAsk(knownLimit, favouriteShard, bounds)) {
      checkOut = await checkOutFrom(index, request);
      if (checkOut.kind === "granted") favouriteShard = index;
      if (checkOut.kind !== "full") return checkOut;
    }
    favouriteShard = anyShard();
    return checkOut;
  }

  async function checkOutFrom(index: number, request: CheckOutRequest): Promise<CheckOut> {
    const { nowMs, wanted } = request;
    let freeCount = request.isRepeated ? await peek(index, nowMs) : shareOf(index);
    if (typeof freeCount === "object") return freeCount;
    for (let tries = 0; tries < TRIES_PER_SHARD && freeCount > 0; tries += 1) {
      const leases = leasesFor(request, Math.min(wanted, freeCount));
      const { isTaken, shard } = await take(index, leases, nowMs);
      if (isTaken) return granted(index, leases, shard);
      const gate = gateOf(shard, nowMs);
      if (gate.kind === "shut") return gate;
      const live = await pruneLapsed(items, index, shard, nowMs);
      freeCount = shareOf(index) - live.length;
    }
    return { kind: "full" };
  }

  async function peek(index: number, nowMs: number) {
    const shard = await items.read(index);
    noteLimit(shard);
    return freeIn(shard, shareOf(index), nowMs);
  }

  async function take(index: number, leases: readonly Lease[], nowMs: number) {
    const ifAtMostOut = shareOf(index) - leases.length;
    const conditions = { ifPhase: "closed", ifLimit: knownLimit, ifAtMostOut, nowMs } as const;
    const { kind, shard } = await items.take({ shardIndex: index, leases, ...conditions });
    noteLimit(shard);
    // A take whose answer was lost and that the client repeated is refused by its own leases.
    const isTaken = kind === "taken" || leases.every((lease) => hasLease(shard.leases, lease));
    return { isTaken, shard };
  }

  return { checkOut, noteLimit: noteLimit };
}

/** Permits of a shard that are free, or the gate while it is shut. */
function freeIn(shard: PermitShard, share: number, nowMs: number): number | Extract<Gate, { kind: "shut" }> {
  const gate = gateOf(shard, nowMs);
  return gate.kind === "shut" ? gate : share - leasesAt(shard.leases, nowMs).live.length;
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
export function epochReadingOf({ epoch, lastOkAtMs }: PermitShard): EpochReading {
  return { epoch, lastOkAtMs };
}

/** Shards that may lend anything at the known limit, the favourite first. */
function shardsToAsk(knownLimit: number, favouriteShard: number, { shardCount }: PermitBounds): number[] {
  const lendingCount = Math.min(knownLimit, shardCount);
  const first = favouriteShard % lendingCount;
  const askedCount = Math.min(lendingCount, SHARDS_ASKED_MAX);
  return Array.from({ length: askedCount }, (_, offset) => (first + offset) % lendingCount);
}
