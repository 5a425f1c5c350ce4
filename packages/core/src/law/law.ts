import type { Control, ControlState } from "./control.ts";
import type { Evidence } from "./evidence.ts";
import type { LawConfig } from "./law-config.ts";

/**
 * A control law: arithmetic from a state and an observation to the next state. Synchronous, total, without
 * clock, randomness or I/O. States are plain JSON values, so that they can be stored.
 */
export interface Law<State extends ControlState = ControlState> {
  readonly name: string;
  /** The state of a provider without a past. */
  initial(config: LawConfig, nowMs: number): State;
  /**
   * The state as it is stored, a JSON value that {@link Law.parse} reads. During a deploy two versions work on
   * the same row: a field that is renamed in the code keeps its name there.
   */
  toStored(state: State): unknown;
  /** Parses a stored state. @throws StoredRowInvalid */
  parse(stored: unknown): State;
  /**
   * The step that follows from an observation. A step with a decision is stored at once; one without may be
   * skipped, and its evidence comes again with the next.
   */
  decide(state: State, observation: Observation, config: LawConfig, nowMs: number): Step<State>;
}

/** A law that can run beside another: it goes on under controls that it has not decided itself. */
export interface ShadowLaw<State extends ControlState = ControlState> extends Law<State> {
  /**
   * The state with which the law goes on under a control that another law has put in force. It keeps what it has
   * learned, and begins with no evidence.
   */
  follow(state: State, control: ControlState, config: LawConfig, nowMs: number): State;
}

/** Input of a law besides its state. */
export type Observation =
  | {
      /** Outcomes of requests that started in `epoch`; those of an older epoch are no news. */
      readonly kind: "report";
      readonly epoch: number;
      readonly evidence: Evidence;
      /** Calls in flight at this instant: permits that are out, without those that wait for a quota. */
      readonly inFlightCount: number;
    }
  | {
      /** Somebody finds a probe due, the waker or a ventilator at the gate; a step to half-open lets it begin. */
      readonly kind: "probe-due";
      /** Whoever observes it has a record to probe with; false: none is to be seen in the queues. */
      readonly hasRecord: boolean;
      /** An operator asks for the probe, whatever its time. */
      readonly isAsked?: true;
    };

/** A law's answer to an observation. */
export interface Step<State extends ControlState = ControlState> {
  readonly state: State;
  readonly decision?: Decision;
  /** The decision of a law that is not in force: it is recorded, and not carried out. Stored at once, too. */
  readonly advice?: Decision;
}

/** A change of control, and its reason. */
export interface Decision {
  /** The rule that fired, in a few words. */
  readonly rule: string;
  readonly inputs: DecisionInputs;
  readonly before: Control;
  readonly after: Control;
  /** The calls of the epoch that ends; absent where the breaker was not closed, or another reason began an epoch. */
  readonly seen?: Seen;
}

/** Calls that started in an epoch, and have ended, as a record of the provider's weather; what is zero is left out. */
export interface Seen {
  /** Time since the epoch began, in ms. */
  readonly forMs: number;
  readonly calls?: number;
  /** Those of them that failed, and those of these that lasted until the timeout. */
  readonly faults?: number;
  readonly timeouts?: number;
  /** Calls that were refused for their rate, and those of them that brought a hold. */
  readonly throttled?: number;
  readonly held?: number;
  /** Mean length of those holds, in ms. */
  readonly holdMs?: number;
  readonly rejected?: number;
  /** Median latency of the calls that were answered as asked, in ms: the exponential of the mean logarithm. */
  readonly medianMs?: number;
  /** Standard deviation of that logarithm. */
  readonly sigma?: number;
}

/** Numbers that a decision rests on, by name. */
export type DecisionInputs = Readonly<Record<string, number | string>>;
