import type { OutcomeKind } from "../worker/outcome.ts";

/** Remembers what was fetched on each provider day. Each call throws `Unreachable` when the store can't be had now. */
export interface FetchStore {
  /**
   * Takes the right to start one attempt: granted where the record has no row for the day, has failed with attempts
   * left, or is being fetched under a lease that has run out. Repeating a granted claim is granted again.
   */
  claim(claim: Claim): Promise<ClaimResult>;
  /**
   * Ends the attempt that a claim began. Repeating it is harmless.
   * `superseded`: the lease had run out and another attempt has taken over, so the row is not this one's to write.
   */
  complete(completion: Completion): Promise<"completed" | "superseded">;
  /** Marks a record dead whose attempts are used up but whose dead letter could not be sent at the time. */
  bury(key: FetchKey, nowMs: number): Promise<void>;
  get(key: FetchKey): Promise<Fetch | undefined>;
  /** Every row of a provider day, in no order. Reads the whole table: for verdicts and reports only. */
  list(provider: string, day: string): AsyncIterable<Fetch>;
}

/** Names one row: a record has one for each provider day on which it was started. */
export interface FetchKey {
  readonly provider: string;
  /** Provider day, as `2026-11-21`. */
  readonly day: string;
  readonly recordId: string;
}

/** A request for the right to start an attempt. */
export interface Claim extends FetchKey {
  readonly attemptId: string;
  readonly runId: string;
  readonly correlationId: string;
  readonly nowMs: number;
  /** From then on the attempt counts as dead. */
  readonly leaseUntilMs: number;
  readonly maxAttempts: number;
  /** Starts a dead record afresh: someone has put its dead letter back into the queue. */
  readonly isRedriven: boolean;
}

/** Whether the attempt may start; if not, why. */
export type ClaimResult =
  | {
      readonly kind: "claimed";
      readonly attempt: number;
      /** When the record first met a fault of the provider on this day; absent if it never did. */
      readonly firstFaultAtMs?: number;
    }
  | { readonly kind: "fetched" }
  | { readonly kind: "dead" }
  | { readonly kind: "in-flight"; readonly leaseUntilMs: number }
  | { readonly kind: "exhausted"; readonly attempts: number; readonly cause: string };

/** The end of an attempt. */
export interface Completion extends FetchKey {
  readonly attemptId: string;
  /** `released`: the attempt was none, because the provider was not called or only asked us to wait. */
  readonly status: "fetched" | "failed" | "dead" | "released";
  readonly end: AttemptEnd;
}

/** What is kept of an attempt that ended. */
export interface AttemptEnd {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: OutcomeKind;
  /** The provider's own share; absent where it was not called. */
  readonly latencyMs?: number;
  readonly cause?: string;
}

/** An ended attempt as the row keeps it. */
export interface Attempt extends AttemptEnd {
  readonly attemptId: string;
}

/** One row: what is known of a record on a provider day. */
export interface Fetch extends FetchKey {
  readonly status: "fetching" | "fetched" | "failed" | "dead";
  /** Starts so far, the current one included. Those missing from `history` were cut off by a crash. */
  readonly attempts: number;
  readonly history: readonly Attempt[];
  /** The current attempt, or the last one. */
  readonly attemptId: string;
  readonly leaseUntilMs: number;
  readonly runId: string;
  readonly correlationId: string;
}
