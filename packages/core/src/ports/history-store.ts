import type { EnvironmentHold, Phase } from "../law/control.ts";
import type { ByLane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import type { QueueDepth } from "./queue.ts";
import type { ValveState } from "./valve.ts";

/**
 * Store of what a provider's waker saw, minute by minute, and of the contract that it works by: whoever looks at a provider
 * needs no more than its id. Each call may throw `Unreachable`, those that read also `StoredRowInvalid`.
 */
export interface HistoryStore {
  /** Keeps a snapshot for two weeks. Repeating it is harmless. */
  append(snapshot: Snapshot): Promise<void>;
  /** Snapshots from one instant to another, oldest first. */
  list(sinceMs: number, untilMs: number): AsyncIterable<Snapshot>;
  /** The first snapshot from one instant to another, without reading those that follow; undefined if there is none. */
  first(sinceMs: number, untilMs: number): Promise<Snapshot | undefined>;
  /** The last snapshot of the last day or two; undefined if there is none. */
  latest(): Promise<Snapshot | undefined>;
  /** Stores the contract in place of the one before. */
  putContract(contract: Provider): Promise<void>;
  /** The contract that was stored last; undefined if none was. */
  contract(): Promise<Provider | undefined>;
}

/** A provider as its waker saw it in one minute. */
export interface Snapshot {
  readonly atMs: number;
  readonly phase: Phase;
  readonly limit: number;
  /** X as it was. */
  readonly maxConcurrency: number;
  readonly inFlightCount: number;
  /** While open: the instant at which the next probe is due. */
  readonly probeAtMs?: number;
  /** Measured median of the latency; absent until there is one. */
  readonly usualLatencyMs?: number;
  /** The form in which Sluice's own side is broken, while the breaker is not closed because of it. */
  readonly environmentHold?: EnvironmentHold;
  /** The end of the provider's Retry-After; absent unless it is in force. */
  readonly heldUntilMs?: number;
  /** The end of what keeps the gate shut by plan, a closed window or an order; absent unless it is. */
  readonly plannedUntilMs?: number;
  /** The end of each lane's wait for a quota; absent where there is none. */
  readonly quotaHeldUntilMs?: ByLane<number>;
  /** Starts that are reserved of the quotas' day; absent for a provider without. */
  readonly quotaUsed?: { readonly day: string; readonly usedCount: number };
  /** The mapping of the bulk; absent if there is none, or it could not be read. */
  readonly valve?: SnapshotValve;
  /** The depths of the queues; of one that could not be asked, the one before. */
  readonly queued: ByLane<QueueDepth>;
  readonly deadLetterCount: number;
  /** Outcomes of all time, as far as the breaker had heard of them: of two snapshots the difference is what came between. */
  readonly outcomes: OutcomeTotals;
}

/** A mapping as AWS described it. */
export interface SnapshotValve {
  readonly state: ValveState;
  readonly batchSize: number;
  /** Absent if there is no maximum, because it was cleared. */
  readonly maximumConcurrency?: number;
  /** Its last opening, or the one that is to come; absent where none is known, and unless the breaker is closed. */
  readonly opening?: Opening;
}

/** The opening of a mapping: until then it brings fewer records at once than the limit allows. */
export interface Opening {
  /** About; later than the snapshot as long as it is to come. */
  readonly atMs: number;
  /** Flow before, as a part of that afterwards. */
  readonly part: number;
}

/** Attempts by their outcome, and the latencies of those that succeeded. */
export interface OutcomeTotals {
  readonly okCount: number;
  readonly slowCount: number;
  readonly faultCount: number;
  readonly throttledCount: number;
  readonly rejectedCount: number;
  /** Attempts that could not begin. */
  readonly unavailableCount: number;
  /** Sum of the natural logarithms of the latencies of ok and slow calls, each in ms. */
  readonly lnLatencySum: number;
  /** Sum of the squares of those logarithms. */
  readonly lnLatencySquareSum: number;
}
