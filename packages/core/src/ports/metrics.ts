import type { EnvironmentHold, Phase } from "../law/control.ts";
import type { Evidence } from "../law/evidence.ts";

/** Metrics for operators to chart. Publishing never throws and never waits for a service. */
export interface Metrics {
  /** Publishes the outcomes of one batch, or of a part of a long one. */
  batch(sample: BatchSample): void;
  /** Publishes the state of the provider, once a minute. */
  gauges(sample: GaugeSample): void;
  /** Publishes a change of phase or limit. */
  decision(sample: DecisionSample): void;
}

/** Outcomes of a batch, and the latency of each call that the provider answered. */
export interface BatchSample {
  readonly evidence: Evidence;
  readonly latenciesMs: readonly number[];
  /** Attempts whose worker could not begin: refused by Lambda, not loaded, or foreign. */
  readonly unstartedCount: number;
  /** Time for which the batch's oldest message had waited since it was sent; absent if it is unknown. */
  readonly oldestMessageAgeMs?: number;
  /** Receives of the message that has had most; absent unless they are far too many. */
  readonly receiveCount?: number;
}

/** The state of a provider in numbers. */
export interface GaugeSample {
  readonly phase: Phase;
  readonly limit: number;
  readonly inFlightCount: number;
  /** The mapping of the bulk, all zero if there is none; absent if it could not be read. */
  readonly valve?: ValveGauges;
  /** The gate is held: the provider has asked to be left alone, or by plan, as contract or operators say. */
  readonly hold: "none" | "retry-after" | "planned";
  /** Time since the hold began that operators have ordered; 0 unless it is in force. */
  readonly orderedHoldAgeMs: number;
  /** The form in which Sluice's own side is broken while the breaker is open, or probes, because of it. */
  readonly environmentHold: EnvironmentHold | "none";
  /** Absent if the queues could not be asked. */
  readonly backlogCount?: number;
  readonly troubles: readonly Trouble[];
}

/** A mapping in numbers. */
export interface ValveGauges {
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly isEnabled: boolean;
}

/**
 * Trouble that somebody is told of if it lasts, as one minute shows it. `kept-waiting`: the breaker keeps records waiting,
 * for trouble of the provider's. `cant-begin`: more attempts have failed on Sluice's own side than called the provider.
 * `standstill`: nothing is against it, and yet nothing flows.
 */
export type Trouble = "kept-waiting" | "cant-begin" | "standstill";

/** A decision in numbers. */
export interface DecisionSample {
  readonly phase: Phase;
  readonly previousPhase: Phase;
  readonly limit: number;
  readonly rule: string;
}
