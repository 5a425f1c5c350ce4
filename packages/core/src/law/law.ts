import type { Evidence } from "./evidence.ts";

/**
 * A control law: arithmetic from a state and an observation to the next state. Synchronous, total, without clock,
 * randomness or I/O. States are plain JSON values, so that they can be stored.
 */
export interface Law<State extends ControlState = ControlState> {
  readonly name: string;
  /** Whether it is to see each report by itself rather than the sum of many; costs a write per batch. */
  readonly isPerReport?: boolean;
  /** The state of a provider of which nothing is known. */
  initial(config: LawConfig, nowMs: number): State;
  /** Parses a stored state. @throws StoredRowInvalid */
  parse(stored: unknown): State;
  /**
   * The step that follows from an observation. A step with a decision is stored at once; one without may be skipped,
   * and its evidence comes again with the next.
   */
  decide(state: State, observation: Observation, config: LawConfig, nowMs: number): Step<State>;
}

/** closed: flowing; open: tripped; half-open: probing. */
export type Phase = "closed" | "open" | "half-open";

/** What the permits and the valve obey. */
export interface ControlState {
  readonly phase: Phase;
  /** L: the concurrent requests wanted, from 1 to X. */
  readonly limit: number;
  /** Counts the decisions that changed phase or limit; a request carries the epoch that it started in. */
  readonly epoch: number;
  /**
   * The limit that is expected to be reached soon, at most X; left out: the limit. The valve is set for it, so that it
   * need not be turned at every step.
   */
  readonly target?: number;
  /** The usual latency as measured, a median; left out: the contract's. */
  readonly usualLatencyMs?: number;
  /** When the next probe is due; only while open. */
  readonly probeAtMs?: number;
  /** Until when a probe that has begun holds off another; only while half-open. */
  readonly probeUntilMs?: number;
  /** Whether the valve stays as it is although the breaker is not closed: the outage may be over soon. */
  readonly isValveKept?: boolean;
  /** Whether batches are to be as small as possible, because the next news matters more than their price. */
  readonly wantsSmallBatches?: boolean;
}

/** What a law knows of a provider: {@link lawConfigOf} makes one. */
export interface LawConfig {
  /** X. */
  readonly maxConcurrency: number;
  readonly slowAfterMs: number;
  readonly timeoutMs: number;
  /** The usual latency according to the contract, until it is measured. */
  readonly medianMs: number;
  /** Time between two steps up; other waits are multiples of it. */
  readonly paceMs: number;
}

/** News for a law. */
export type Observation =
  | {
      /** What requests came to that were started in `epoch`; that of an older epoch is no news. */
      readonly kind: "report";
      readonly epoch: number;
      readonly evidence: Evidence;
      /** Permits that are out now. */
      readonly inFlightCount: number;
    }
  | {
      /** The waker's round. A step to half-open is its leave to probe. */
      readonly kind: "wake";
      /** Whether there is no message to probe with. */
      readonly isQueueEmpty: boolean;
    }
  | {
      /** A probe that was begun in `epoch` could not be run: no message came, or no permit was free. */
      readonly kind: "probe-missed";
      readonly epoch: number;
    };

/** A law's answer. */
export interface Step<State extends ControlState = ControlState> {
  readonly state: State;
  readonly decision?: Decision;
  /** What a law that governs nothing would have decided: it is told, and nobody obeys it. Stored at once, too. */
  readonly advice?: Decision;
}

/** A change of what is governed, and why. */
export interface Decision {
  /** The rule that fired, in a few words. */
  readonly rule: string;
  readonly inputs: DecisionInputs;
  readonly before: ControlState;
  readonly after: ControlState;
}

/** Numbers that a decision rests on, by name. */
export type DecisionInputs = Readonly<Record<string, number | string>>;
