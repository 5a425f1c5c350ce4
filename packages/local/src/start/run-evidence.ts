import type { BreakerEvent, Fetch } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import type { RequestSpan } from "../provider-simulator/request-log.ts";
import type { RunLedger } from "./run-ledger.ts";

/** The traces that a run has left, gathered from the provider, the table and the queues. */
export interface RunEvidence {
  /** Valid, distinct ids of the input: none of them may be lost. */
  readonly expectedIds: ReadonlySet<string>;
  /** Records that the scheduler says it has enqueued. */
  readonly acceptedCount: number;
  /** True if the run was stopped: records that had been read but not enqueued by then are not lost. */
  readonly isInterrupted: boolean;
  /** Rows of the table, of every provider day that the run touched. */
  readonly rows: readonly Fetch[];
  /** Ids of the records in the dead-letter queue that carry a cause. */
  readonly deadLetterIds: ReadonlySet<string>;
  readonly stillQueuedCount: number;
  readonly run: RunLedger;
  readonly provider: ProviderWitness;
  /** The times and amounts that the provider allows. */
  readonly contract: Pick<Provider, "windows" | "timeZone" | "quotas">;
  /** X. */
  readonly maxConcurrency: number;
  readonly maxAttempts: number;
  /** The breaker's own account of its doings, in any order. */
  readonly events: readonly BreakerEvent[];
  /** Updates of event source mappings that were accepted. */
  readonly acceptedUpdateCount: number;
  /** Execution environments that were killed: each may have left one thing undone. */
  readonly killCount: number;
  /** True if nothing in this run can use up the attempts of a record that is well. */
  readonly mustSpareHealthy: boolean;
  /** True for a record that fails at the provider in any weather. */
  isHopeless(recordId: string): boolean;
  /** The time for which nothing moved, if the run was given up although something was left to do. */
  readonly stalledAfterMs?: number;
}

/** A run as the provider saw it. */
export interface ProviderWitness {
  readonly mostInFlightCount: number;
  readonly startsDuringRetryAfterCount: number;
  readonly requests: readonly RequestSpan[];
  /** Records answered successfully more than once on a day. */
  readonly servedAgain: readonly {
    readonly day: string;
    readonly recordId: string;
    readonly count: number;
  }[];
  wasServed(recordId: string): boolean;
}
