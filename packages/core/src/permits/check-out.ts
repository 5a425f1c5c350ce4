import type { Lease, PermitShard } from "../ports/permit-items.ts";
import type { Lane } from "../provider/lane.ts";
import type { Gate } from "./gate.ts";
import { holderIn, makeLeases } from "./lease.ts";
import type { LeftWish } from "./leave-wish.ts";

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
  /** The end of a pin that keeps the limit low: more permits are lent from then on. */
  readonly pinnedUntilMs?: number;
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
  /** The instant at which the breaker closed after its last trip; 0 before the first. */
  readonly closedAtMs: number;
  /** The last instant before that trip at which all was well; 0 where that is not known. */
  readonly wellAtMs: number;
  /** Rejections that were reported since. */
  readonly rejectedSinceOkCount: number;
}

/** Tries on one shard: the caller's idea of it may be old, and it may hold leases that have run out. */
export const TRIES_PER_SHARD = 3;

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
export function epochReadingOf(shard: PermitShard): EpochReading {
  const { epoch, lastOkAtMs, rejectedSinceOkCount, closedAtMs = 0, wellAtMs = 0 } = shard;
  return { epoch, lastOkAtMs, rejectedSinceOkCount, closedAtMs, wellAtMs };
}
