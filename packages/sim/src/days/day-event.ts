import type { Control } from "@sluice/core/law";
import type { TimedOrders } from "@sluice/core/operator";
import type { Lane, Provider } from "@sluice/core/provider";
import type { RecordEnd } from "@sluice/core/records";
import type { Fault, Role, Spell } from "./story.ts";

/** Something that happened on a simulated day, as it is seen from outside: by the provider, in the table, in the queues. */
export type DayEvent =
  /** The scheduler told its caller that these records were accepted. */
  | {
      readonly kind: "accepted";
      readonly lane: Lane;
      readonly run: string;
      readonly recordIds: readonly string[];
    }
  /** A row of a record went into the state `fetching` under a new attempt. */
  | {
      readonly kind: "claimed";
      /** The run that it is for. */
      readonly run: string;
      readonly recordId: string;
      readonly attemptId: string;
      readonly day: string;
      readonly leaseUntilMs: number;
    }
  /** A row left the state `fetching`. */
  | {
      readonly kind: "completed";
      readonly recordId: string;
      readonly attemptId: string;
      readonly status: string;
    }
  | RequestStarted
  | RequestEnded
  | { readonly kind: "received"; readonly lane: Lane; readonly recordId: string }
  /** A message left its queue for good. */
  | {
      readonly kind: "deleted";
      readonly lane: Lane;
      readonly recordId: string;
      readonly by: "request" | "retention";
      /** The run that asked for the record, and its number in it. */
      readonly run?: string;
      readonly number?: number;
      /** Another message with the same body is queued. */
      readonly hasCopy?: true;
    }
  /** A dead letter came into its queue; without a cause it was SQS that moved it. */
  | {
      readonly kind: "letter";
      readonly recordId: string;
      readonly attempts?: number;
      readonly cause?: string;
    }
  /** The ledger of a run has noted an end of one of its records. */
  | { readonly kind: "noted"; readonly run: string; readonly number: number; readonly end: RecordEnd }
  /** A run was created, or has changed. */
  | { readonly kind: "run"; readonly row: RunSeen }
  /** Others were told of a run or a record. */
  | { readonly kind: "announced"; readonly news: string; readonly detail: Readonly<Record<string, unknown>> }
  | { readonly kind: "redriven"; readonly recordId: string }
  /** An execution environment died at work. */
  | { readonly kind: "died"; readonly environment: string; readonly role: Role; readonly errorType: string }
  /** The breaker's stored control changed. */
  | { readonly kind: "control"; readonly control: Control }
  | { readonly kind: "decision"; readonly summary: string }
  /** The evidence that the permit shards of the latest epoch hold: calls that were answered, of any outcome. */
  | { readonly kind: "evidence"; readonly epoch: number; readonly answeredCount: number }
  | { readonly kind: "hold"; readonly untilMs: number }
  /** The orders of operators are these from now on. */
  | ({ readonly kind: "orders" } & TimedOrders)
  | { readonly kind: "valve"; readonly lane: Lane; readonly state: string; readonly summary: string }
  | { readonly kind: "deployed"; readonly provider: Provider }
  /** Nothing has been wrong for five minutes; some provider's ways take longer to be well again, and are waited for. */
  | { readonly kind: "recovered"; readonly queued: readonly string[] }
  /** Time is up in which a working day would have been done with its healthy records. */
  | { readonly kind: "overdue"; readonly left: readonly string[] }
  /** Time is up in which what the provider does not know would have been found out; the records of which it was not. */
  | { readonly kind: "unsettled"; readonly left: readonly string[] }
  | { readonly kind: "begins" | "ends"; readonly what: Fault | Spell }
  | {
      readonly kind: "logged";
      readonly environment: string;
      readonly level: "warn" | "error";
      readonly text: string;
    }
  /** Code threw where it promises not to. */
  | { readonly kind: "threw"; readonly where: string; readonly error: string };

/** A run as its row has it. */
export interface RunSeen {
  readonly runId: string;
  readonly createdAtMs: number;
  readonly plannedCount: number;
  readonly isSealed: boolean;
  readonly deadlineMs?: number;
  readonly cancelledAtMs?: number;
  readonly completion?: { readonly completedAtMs: number; readonly counts: Readonly<Record<string, number>> };
}

/** A request reached the provider. */
export interface RequestStarted {
  readonly kind: "started";
  readonly recordId: string;
  readonly attemptId: string;
  /** This one included. */
  readonly inFlightCount: number;
  readonly capacityCount: number;
}

/** A request ended: with a status, at the client's time-out, or because its client was gone. */
export interface RequestEnded {
  readonly kind: "ended";
  readonly recordId: string;
  readonly attemptId: string;
  readonly status: RequestStatus;
  /** Of an answer with Retry-After. */
  readonly retryAfterMs?: number;
}

/** The end of a request, as the provider saw it. */
export type RequestStatus = 200 | 404 | 429 | 500 | "timeout" | "gone";

/** An event and its instant. */
export type DatedEvent = DayEvent & { readonly atMs: number };
