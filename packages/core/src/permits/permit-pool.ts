import type { PermitItems, PermitShard, Report } from "../ports/permit-items.ts";
import type { Random } from "../ports/random.ts";
import { type Gate, gateFor, gateOf, holdOf, limitOf, type PermitBounds } from "./gate.ts";
import { isLapsed, type Lease, makeLeases, parseLease } from "./lease.ts";
import { shardShare } from "./shares.ts";

/** Lends permits: at most min(L, X) at any time, over all shards and whatever the mappings do. */
export interface PermitPool {
  /** Asks for up to `wanted` permits at once; fewer may be granted. */
  checkOut(request: CheckOutRequest): Promise<CheckOut>;
  /** Asks for the one permit of a probe; granted only while half-open, and never beyond X. */
  checkOutProbe(request: Omit<CheckOutRequest, "wanted">): Promise<CheckOut>;
  /** Returns permits and reports what was observed with them. Leases in `withheld` are left to run out. */
  checkIn(held: HeldPermits, report: Report, withheld: ReadonlySet<Lease>): Promise<PermitShard>;
  /** Reports what was observed so far and keeps the permits. */
  report(held: HeldPermits, report: Report): Promise<PermitShard>;
  /** Reads the holder's shard anew. */
  readGate(held: HeldPermits, nowMs: number): Promise<GateReading>;
  /** Shuts the gate for the whole provider until an instant. */
  hold(untilMs: number): Promise<void>;
}

/** A request for permits; the leases run until `leaseUntilMs`. */
export interface CheckOutRequest {
  readonly holderId: string;
  /** Whether none was free a moment ago: then it is read first whether one is, because a refused write costs like a granted one. */
  readonly isRepeated?: boolean;
  readonly wanted: number;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

/** `full`: all permits are out. */
export type CheckOut =
  | { readonly kind: "granted"; readonly permits: HeldPermits }
  | { readonly kind: "full" }
  | Extract<Gate, { kind: "shut" }>;

/** Permits in hand. */
export interface HeldPermits extends EpochReading {
  readonly shard: number;
  readonly leases: readonly Lease[];
}

/** What a shard says of the present. */
export interface EpochReading {
  /** Requests that start now belong to it. */
  readonly epoch: number;
  /** When someone last reported a success. */
  readonly lastOkAtMs: number;
}

/** A reading of the gate. */
export interface GateReading extends EpochReading {
  /** Whether the holder of a lease may still start records. */
  gateFor(lease: Lease): Gate;
}

/** Shards that are asked before the pool counts as full: enough to find a free permit, few enough to stay cheap. */
const SHARDS_ASKED_MAX = 2;
/** Tries on one shard: the caller's idea of it may be old, and it may hold leases that have run out. */
const TRIES_PER_SHARD = 3;

/** A pool for one provider. Remembers where it last found a permit: the same holder's is likely free there again. */
export function createPermitPool(items: PermitItems, bounds: PermitBounds, random: Random): PermitPool {
  let knownLimit = bounds.maxConcurrency;
  let favouriteShard = Math.floor(random.next() * bounds.shardCount);

  async function checkOut(request: CheckOutRequest): Promise<CheckOut> {
    let outcome: CheckOut = { kind: "full" };
    for (const shard of shardsToAsk()) {
      outcome = await checkOutFrom(shard, request);
      if (outcome.kind === "granted") favouriteShard = shard;
      if (outcome.kind !== "full") return outcome;
    }
    favouriteShard = Math.floor(random.next() * bounds.shardCount);
    return outcome;
  }

  /** Only shards that may lend anything at the known limit, the favourite first. */
  function shardsToAsk(): number[] {
    const lendingCount = Math.min(knownLimit, bounds.shardCount);
    const first = favouriteShard % lendingCount;
    const askedCount = Math.min(lendingCount, SHARDS_ASKED_MAX);
    return Array.from({ length: askedCount }, (_, offset) => (first + offset) % lendingCount);
  }

  async function checkOutFrom(shard: number, request: CheckOutRequest): Promise<CheckOut> {
    let freeCount = request.isRepeated
      ? await peek(shard, request.nowMs)
      : shardShare(knownLimit, bounds.shardCount, shard);
    for (let tries = 0; tries < TRIES_PER_SHARD && freeCount > 0; tries += 1) {
      const leases = leasesFor(request, Math.min(request.wanted, freeCount));
      const answer = await take(shard, leases, request.nowMs);
      if (answer.kind === "taken") return granted(shard, leases, answer.shard);
      const gate = gateOf(answer.shard, request.nowMs);
      if (gate.kind === "shut") return gate;
      const live = await withoutLapsed(shard, answer.shard, request.nowMs);
      freeCount = shardShare(knownLimit, bounds.shardCount, shard) - live.length;
    }
    return { kind: "full" };
  }

  /** Permits that are free; one while the gate is shut, so that the take says why. */
  async function peek(shard: number, nowMs: number): Promise<number> {
    const reading = await items.read(shard);
    knownLimit = limitOf(reading, bounds);
    if (gateOf(reading, nowMs).kind === "shut") return 1;
    const live = reading.leases.filter((lease) => !isLapsed(parseLease(lease), nowMs));
    return shardShare(knownLimit, bounds.shardCount, shard) - live.length;
  }

  async function take(
    shard: number,
    leases: readonly Lease[],
    nowMs: number,
  ): Promise<{ kind: "taken" | "refused"; shard: PermitShard }> {
    const texts = leases.map(({ text }) => text);
    const ifAtMostOut = shardShare(knownLimit, bounds.shardCount, shard) - leases.length;
    const answer = await items.take({
      shard,
      leases: texts,
      ifPhase: "closed",
      ifLimit: knownLimit,
      ifAtMostOut,
      nowMs,
    });
    knownLimit = limitOf(answer.shard, bounds);
    // A take whose answer was lost and that the client repeated is refused by its own leases.
    const isMine = texts.every((text) => answer.shard.leases.includes(text));
    return isMine ? { kind: "taken", shard: answer.shard } : answer;
  }

  async function checkOutProbe(request: Omit<CheckOutRequest, "wanted">): Promise<CheckOut> {
    const [lease] = leasesFor(request, 1);
    if (lease === undefined) return { kind: "full" };
    const take = {
      shard: 0,
      leases: [lease.text],
      ifPhase: "half-open" as const,
      ifLimit: 1,
      // Calls from before the trip may still be in flight: the probe comes on top, within X.
      ifAtMostOut: shardShare(bounds.maxConcurrency, bounds.shardCount, 0) - 1,
      nowMs: request.nowMs,
    };
    for (let tries = 0; tries < TRIES_PER_SHARD; tries += 1) {
      const answer = await items.take(take);
      if (answer.shard.leases.includes(lease.text)) return granted(0, [lease], answer.shard);
      if (answer.shard.phase !== "half-open") return { kind: "shut", reason: "tripped" };
      const gate = holdOf(answer.shard, request.nowMs);
      if (gate.kind === "shut") return gate;
      const live = await withoutLapsed(0, answer.shard, request.nowMs);
      if (live.length > take.ifAtMostOut) break;
    }
    return { kind: "full" };
  }

  async function withoutLapsed(shard: number, reading: PermitShard, nowMs: number): Promise<Lease[]> {
    const leases = reading.leases.map(parseLease);
    const lapsed = leases.filter((lease) => isLapsed(lease, nowMs));
    if (lapsed.length > 0) {
      await items.prune(
        shard,
        lapsed.map(({ text }) => text),
      );
    }
    return leases.filter((lease) => !isLapsed(lease, nowMs));
  }

  async function checkIn(
    held: HeldPermits,
    report: Report,
    withheld: ReadonlySet<Lease>,
  ): Promise<PermitShard> {
    const returned = held.leases.filter((lease) => !withheld.has(lease)).map(({ text }) => text);
    return returned.length > 0
      ? items.giveBack(held.shard, returned, report)
      : items.report(held.shard, report);
  }

  async function readGate(held: HeldPermits, nowMs: number): Promise<GateReading> {
    const reading = await items.read(held.shard);
    knownLimit = limitOf(reading, bounds);
    return {
      ...epochOf(reading),
      gateFor: (lease) => gateFor(lease, reading, held.shard, bounds, nowMs),
    };
  }

  async function hold(untilMs: number): Promise<void> {
    const shards = Array.from({ length: bounds.shardCount }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => items.hold(shard, untilMs)));
  }

  return {
    checkOut,
    checkOutProbe,
    checkIn,
    report: (held, report) => items.report(held.shard, report),
    readGate,
    hold,
  };
}

function granted(shard: number, leases: readonly Lease[], reading: PermitShard): CheckOut {
  return { kind: "granted", permits: { shard, leases, ...epochOf(reading) } };
}

function epochOf({ epoch = 0, lastOkAtMs = 0 }: PermitShard): EpochReading {
  return { epoch, lastOkAtMs };
}

function leasesFor(request: Omit<CheckOutRequest, "wanted">, count: number): Lease[] {
  return makeLeases(request.holderId, count, request.nowMs, request.leaseUntilMs);
}
