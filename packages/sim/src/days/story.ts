import type { Lane, ProviderInput } from "@sluice/core/provider";
import type { Service } from "../cloud/sdk/sdk-calls.ts";
import type { OverloadMode } from "../provider-simulator/scenario.ts";

/**
 * A day of one provider, as data: everything that happens to Sluice from outside. The same story runs the same way, so
 * it can be stored, replayed, and shortened part by part. Minutes count from the start.
 */
export interface Story {
  /** Draws all that the story leaves to chance: latencies, faults of single calls, orders. */
  readonly seed: number;
  /** The instant of minute 0, in ISO 8601. */
  readonly startsAt: string;
  readonly contract: ProviderInput;
  readonly nature: Nature;
  readonly weather: readonly Spell[];
  readonly load: readonly Load[];
  readonly faults: readonly Fault[];
  /** The clocks of two execution environments differ by at most this much. */
  readonly skewMs: number;
}

/** The provider's ways that last all day. */
export interface Nature {
  readonly overload: OverloadMode;
  readonly exponent: number;
  readonly retryAfterSeconds: number | null;
  readonly poisonRatio: number;
  readonly rejectedRatio: number;
  /** The length of the text with which a call fails, in characters: a provider may answer a whole page. */
  readonly causeLength: number;
  /** The wait of its Retry-After is no number by the time that it reaches the worker. */
  readonly hasBrokenWait: boolean;
  /** A slow recovery from outages; null: it recovers at once. */
  readonly fragile: { readonly downMinutes: number; readonly rampPerMinute: number } | null;
}

/** A time of the day. */
export interface Span {
  readonly fromMinute: number;
  readonly untilMinute: number;
}

/** A spell of weather at the provider. `capacity` of 0 is an outage. */
export type Spell = Span &
  (
    | { readonly kind: "capacity"; readonly count: number }
    | { readonly kind: "faults"; readonly ratio: number }
    | { readonly kind: "slow"; readonly factor: number }
  );

/** Records that are enqueued, under one run id; `overMinutes` above 0 lets them trickle in. */
export interface Load {
  readonly atMinute: number;
  readonly overMinutes: number;
  readonly lane: Lane;
  readonly run: string;
  /** The records are numbered from here on; two loads may name the same ones. */
  readonly firstRecord: number;
  readonly count: number;
  /** No record starts later than so many minutes after it was enqueued. */
  readonly deadlineMinutes?: number;
  /** Its run is cancelled then; of a load that trickles in each of its runs. */
  readonly cancelAtMinute?: number;
}

/** Something that goes wrong, or that a person does. Things of an instant end when they begin. */
export type Fault = Span & FaultKind;

/** A fault without its time. Ratios are shares of the calls or batches that are concerned. */
export type FaultKind =
  /** The service refuses calls for now, by this name of its own. */
  /** Without a name, refusals go by any name that the service has for them. */
  | { readonly kind: "throttle"; readonly service: Service; readonly name?: string; readonly ratio: number }
  /** The service fails calls, half of which it has carried out. */
  | { readonly kind: "fail"; readonly service: Service; readonly ratio: number }
  /** Calls are carried out and their answers lost. */
  | { readonly kind: "lose-answers"; readonly service: Service; readonly ratio: number }
  | { readonly kind: "delay"; readonly service: Service; readonly ratio: number; readonly delayMs: number }
  /** No call is heard. */
  | { readonly kind: "away"; readonly service: Service }
  /** SQS reports entries of batches as failed that it has carried out. */
  | { readonly kind: "failed-entries"; readonly ratio: number }
  /** Execution environments crash at a call of theirs, before it or after it. */
  | { readonly kind: "crash"; readonly role: Role; readonly ratio: number }
  /** Execution environments stand still. */
  | { readonly kind: "freeze"; readonly role: Role; readonly ratio: number; readonly freezeMs: number }
  /** Lambda has no concurrency left for the function. */
  | { readonly kind: "no-concurrency"; readonly role: Exclude<Role, "waker">; readonly ratio: number }
  /** The worker's module throws while it is loaded. */
  | { readonly kind: "worker-broken"; readonly error: string }
  /** Something else answers in the worker's place. */
  | { readonly kind: "foreign-answer"; readonly answer: "nothing" | "stub" | "stale"; readonly ratio: number }
  | { readonly kind: "cold-starts"; readonly delayMs: number }
  /** SQS hands messages out again that are being worked on. */
  | { readonly kind: "duplicates"; readonly ratio: number }
  | { readonly kind: "late-deletes"; readonly ratio: number; readonly delayMs: number }
  | { readonly kind: "stale-counts"; readonly lagMs: number }
  /** Updates of mappings take between these two. */
  | { readonly kind: "slow-valve"; readonly minSeconds: number; readonly maxSeconds: number }
  /** A mapping tells a state before its pollers know of it. */
  | { readonly kind: "early-state"; readonly lagSeconds: number }
  | { readonly kind: "no-waker" }
  | { readonly kind: "late-waker"; readonly delayMs: number }
  | { readonly kind: "twin-waker" }
  /** Lambda disables the mapping by itself, a person edits it, or it is deleted and made anew. */
  | { readonly kind: "mapping-disabled"; readonly lane: Lane }
  | {
      readonly kind: "mapping-edited";
      readonly lane: Lane;
      readonly batchSize: number;
      readonly maximumConcurrency: number;
    }
  | { readonly kind: "mapping-renewed"; readonly lane: Lane }
  /** A new version is deployed, with some of the contract changed. */
  | { readonly kind: "deploy"; readonly contract: Partial<ProviderInput> }
  /** A wrong base URL is in force, whose server knows nothing of this share of the calls. */
  | { readonly kind: "wrong-address"; readonly ratio: number }
  /** All dead letters are moved back. */
  | { readonly kind: "redrive" }
  /** The row of the breaker's state is deleted. */
  | { readonly kind: "state-deleted" }
  | OrderKind;

/** An order of an operator's, from the first minute to the last. Where it is resumed, it is given for ever. */
export type OrderKind = {
  /** The operator's process dies so long after its first call, perhaps with half of its work done. */
  readonly diesAfterMs?: number;
} & (
  | {
      readonly kind: "hold";
      /** It begins so long after it is given. */
      readonly aheadMinutes: number;
      readonly isResumed: boolean;
    }
  | { readonly kind: "pin"; readonly limit: number; readonly isResumed: boolean }
  /** It is given as soon as the breaker is not closed. */
  | { readonly kind: "force"; readonly limit: number }
);

/** A function's part in the system. */
export type Role = "ventilator" | "worker" | "waker";

/** The minute from which on nothing of a story goes wrong any more. */
export function calmFromMinute({ weather, faults }: Pick<Story, "weather" | "faults">): number {
  return Math.max(
    0,
    ...weather.map(({ untilMinute }) => untilMinute),
    ...faults.map((fault) => fault.untilMinute),
  );
}

/** The minute at which the last record is enqueued. */
export function lastLoadMinute({ load }: Pick<Story, "load">): number {
  return Math.max(0, ...load.map(({ atMinute, overMinutes }) => atMinute + overMinutes));
}
