import { inFlightCountOf } from "../breaker/shards.ts";
import type { Phase } from "../law/control.ts";
import { readAllShards } from "../permits/split.ts";
import type { HistoryStore, Snapshot } from "../ports/history-store.ts";
import type { Queue } from "../ports/queue.ts";
import { type ByLane, byLaneAsync } from "../provider/lane.ts";
import { type ReasonToStayShut, readSteering, type Steering } from "./reasons.ts";
import type { SteeringDeps } from "./steering-deps.ts";

/** A provider, as an operator sees it at a glance. */
export interface ProviderStatus extends Pick<Steering, "orders" | "reasons"> {
  readonly providerId: string;
  readonly atMs: number;
  /** IANA name of the provider's time zone. */
  readonly timeZone: string;
  readonly phase: Phase;
  /** The limit in force, at most X; while the breaker is open that of before. */
  readonly limit: number;
  /** X. */
  readonly maxConcurrency: number;
  readonly inFlightCount: number;
  /** While open: the instant at which the next probe is due. */
  readonly probeAtMs?: number;
  /** Messages of each lane, and dead letters; absent if neither queues nor the waker could tell. */
  readonly queues?: SeenQueues;
  /** The last minute that the waker has seen; absent if there is none. */
  readonly seen?: Snapshot;
  /** The waker has been silent for longer than it may be. */
  readonly isWakerSilent: boolean;
}

/** Messages in the queues of a provider, as they were at an instant. */
export interface SeenQueues extends Pick<Snapshot, "atMs" | "queued" | "deadLetterCount"> {}

/** The parts that a status is read from. */
export interface StatusDeps extends SteeringDeps {
  readonly history: Pick<HistoryStore, "latest">;
  /** Asked for their counts; left out: the waker's last minute has them. */
  readonly queues?: { readonly lanes: ByLane<Queue>; readonly deadLetters: Queue };
}

/** Time without a round of the waker from which on it is silent; the alarm for it says the same. */
export const WAKER_SILENT_MS: number = 5 * 60_000;

/**
 * Reads how a provider is, with a handful of reads: breaker, orders, permits, quotas, and the waker's last minute.
 * @throws Unreachable, StoredRowInvalid
 */
export async function readProviderStatus(deps: StatusDeps): Promise<ProviderStatus> {
  const { provider, items, bounds, clock, history } = deps;
  const [steering, shards, seen, counted] = await Promise.all([
    readSteering(deps),
    readAllShards(items, bounds),
    history.latest(),
    countMessages(deps),
  ]);
  const queues = counted ?? seen;
  const { control, orders, reasons } = steering;
  const atMs = clock.nowMs();
  return {
    providerId: provider.id,
    atMs,
    timeZone: provider.timeZone,
    phase: control.phase,
    limit: control.limit,
    maxConcurrency: provider.maxConcurrency,
    inFlightCount: inFlightCountOf(shards, atMs),
    ...(control.phase === "open" && { probeAtMs: control.probeAtMs }),
    orders,
    reasons,
    ...(queues !== undefined && { queues: queuesIn(queues) }),
    ...(seen !== undefined && { seen }),
    isWakerSilent: seen === undefined || atMs - seen.atMs > WAKER_SILENT_MS,
  };
}

async function countMessages({ queues, clock }: StatusDeps): Promise<SeenQueues | undefined> {
  if (queues === undefined) return undefined;
  const [queued, { visibleCount, inFlightCount }] = await Promise.all([
    byLaneAsync((lane) => queues.lanes[lane].depth()),
    queues.deadLetters.depth(),
  ]);
  return { atMs: clock.nowMs(), queued, deadLetterCount: visibleCount + inFlightCount };
}

function queuesIn({ atMs, queued, deadLetterCount }: SeenQueues): SeenQueues {
  return { atMs, queued, deadLetterCount };
}

/** The urgency of a provider's state, the worst first: by it lists are sorted, and a command's answer is bad news. */
export const URGENCIES = ["trouble", "shut", "waiting", "flowing"] as const;

/** One of {@link URGENCIES}. */
export type Urgency = (typeof URGENCIES)[number];

/** Reasons of contract and operators: it is no trouble then that nothing starts. */
const PLANNED: ReadonlySet<ReasonToStayShut["kind"]> = new Set(["order", "window", "quota"]);

/**
 * The urgency of a state. `trouble`: the breaker is not closed, or our own side is broken, or the waker is silent; `shut`: an
 * operator or the provider has it wait; `waiting`: its contract does; `flowing`: none of it.
 */
export function urgencyOf({ phase, reasons, isWakerSilent }: ProviderStatus): Urgency {
  if (phase !== "closed" || isWakerSilent) return "trouble";
  if (reasons.some(({ kind }) => kind === "order" || !PLANNED.has(kind))) return "shut";
  return reasons.length > 0 ? "waiting" : "flowing";
}
