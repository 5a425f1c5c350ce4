import type { OutcomeKind } from "../worker/outcome.ts";

/**
 * Store of the records fetched on a provider day. Each call throws `Unreachable` while it can't be had, and
 * `StoredRowInvalid` for a row that can't be read.
 */
export interface FetchStore {
  /**
   * Takes the right to start one attempt: granted if the record has no row for the day, or has attempts left and
   * has failed or is being fetched under a lease that has run out. Repeating a granted claim is granted again; one that
   * comes when its attempt has ended, or after a later claim, is refused as in flight.
   */
  claim(claim: ClaimRequest): Promise<ClaimResult>;
  /**
   * Has whoever ends an attempt know that a record of another run waits for it. `over`: it has ended, or another one has
   * begun. Repeating it is harmless.
   */
  join(key: FetchKey, attemptId: string, waiting: Waiting): Promise<"joined" | "over">;
  /** Ends the attempt that a claim began. Repeating it is harmless. */
  complete(completion: Completion): Promise<CompletionResult>;
  /**
   * Takes a claim back that led to no start, whether it was granted, refused, or is still on its way: then it is refused
   * when it comes, unless its record is dead. Repeating it is harmless.
   */
  withdraw(claim: ClaimRequest): Promise<void>;
  /**
   * Marks a record dead whose attempts are used up but whose dead letter could not be sent at the time: it has
   * failed, or the lease of its last attempt has run out.
   */
  bury(key: FetchKey, nowMs: number): Promise<void>;
  /** The row of a record, as of now; undefined before its first start. */
  get(key: FetchKey): Promise<Fetch | undefined>;
  /** Every row of a provider day, in no order. Reads the whole table: for verdicts and reports only. */
  list(provider: string, day: string): AsyncIterable<Fetch>;
}

/** The key of one row: a record has one for each provider day on which it was started. */
export interface FetchKey {
  readonly provider: string;
  /** Provider day, as `2026-11-21`. */
  readonly day: string;
  readonly recordId: string;
}

/** A request for the right to start an attempt. */
export interface ClaimRequest extends FetchKey {
  readonly attemptId: string;
  readonly runId: string;
  readonly correlationId: string;
  readonly nowMs: number;
  /** The instant from which the attempt counts as dead. */
  readonly leaseUntilMs: number;
  readonly maxAttempts: number;
  /** The record's dead letter was put back into the queue: if it is dead, it starts afresh. */
  readonly isRedriven: boolean;
  /** The start costs no attempt unless its end says so: a crash of its sender must not charge a probe. */
  readonly isFree?: true;
}

/** The answer to a claim: the attempt may start, or the reason against it. */
export type ClaimResult =
  | {
      readonly kind: "claimed";
      readonly attempt: number;
      /** The record's faults of the provider on this day, oldest first; absent if there was none. */
      readonly faults?: readonly PastFault[];
      /** The record's rejections on this day that left it alive; absent if there was none. */
      readonly rejectionCount?: number;
      /** The end of the first of them. */
      readonly firstRejectedAtMs?: number;
    }
  /** `runId`: of the run that fetched it. */
  | { readonly kind: "fetched"; readonly runId: string }
  | { readonly kind: "dead"; readonly cause: string }
  /** `attempt`: the one under way; absent if the claim comes late, and there may be none. */
  | { readonly kind: "in-flight"; readonly leaseUntilMs: number; readonly attempt?: AttemptUnderWay }
  | { readonly kind: "exhausted"; readonly attempts: number; readonly cause: string };

/** An attempt that another one has to wait for. */
export interface AttemptUnderWay {
  readonly attemptId: string;
  /** The run that it is made for. */
  readonly runId: string;
  /** Further runs that are told of its end. */
  readonly waiting: readonly Waiting[];
}

/** A record of a run that waits for the end of another run's attempt. */
export interface Waiting {
  readonly runId: string;
  /** Its number in the run. */
  readonly number: number;
}

/**
 * The answer to a completion, with those that wait for this end. `superseded`: its lease ran out and another attempt took
 * over, so that the row is not its own to write.
 */
export type CompletionResult =
  | { readonly kind: "completed"; readonly waiting: readonly Waiting[] }
  | { readonly kind: "superseded" };

/** A fault that a record had earlier on the day. */
export interface PastFault {
  readonly endedAtMs: number;
  /** The instant of the provider's last success before it; absent where none was known. */
  readonly lastOkAtMs?: number;
  /** It was a probe's, and cost no attempt. */
  readonly isFree?: true;
}

/** A request to end an attempt. */
export interface Completion extends FetchKey {
  readonly attemptId: string;
  /** `released`: the attempt was none, because the provider was not called or only asked for a wait. */
  readonly status: "fetched" | "failed" | "dead" | "released";
  /** Its claim was free: only now it is charged, unless it is released. */
  readonly isFree?: true;
  /** Of a released one: its end is kept in the history all the same. */
  readonly isNoted?: true;
  /** Of a free one: its worker crashed, so that it stays among the row's `freeStarts`. */
  readonly isCutOff?: true;
  readonly end: AttemptEnd;
}

/** The end of an attempt, as it is kept. */
export interface AttemptEnd {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: OutcomeKind;
  /** The provider's own share; absent where it was not called. */
  readonly latencyMs?: number;
  readonly cause?: string;
  /** Of a fault: the instant of the provider's last success, as far as it was known. */
  readonly lastOkAtMs?: number;
}

/** An ended attempt as the row keeps it. */
export interface Attempt extends AttemptEnd {
  readonly attemptId: string;
  /** The start was released, and is none of the row's `attempts`. */
  readonly isFree?: true;
}

/** One row: a record on a provider day. */
export interface Fetch extends FetchKey {
  readonly status: "fetching" | "fetched" | "failed" | "dead";
  /** Charged starts, the current one included unless it is free. Those missing from `history` were cut off by a crash. */
  readonly attempts: number;
  /** Free starts without an answer: the one under way, and those that a crash cut off. Absent before the first. */
  readonly freeStarts?: number;
  /** The current attempt, or the last one, was free at its start. */
  readonly isFree?: true;
  readonly history: readonly Attempt[];
  /** The current attempt, or the last one. */
  readonly attemptId: string;
  /** The instant of its claim; absent in rows of versions that kept none. */
  readonly claimedAtMs?: number;
  readonly leaseUntilMs: number;
  readonly runId: string;
  readonly correlationId: string;
  /** Records of other runs that wait for the end of the current attempt, or waited for that of the last; absent without any. */
  readonly waiting?: readonly Waiting[];
}
