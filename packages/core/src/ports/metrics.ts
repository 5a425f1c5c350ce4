import type { Phase } from "../law/control.ts";
import type { Evidence } from "../law/evidence.ts";

/** What operators chart. Publishing never throws and never waits for a service. */
export interface Metrics {
  /** What one batch, or a part of a long one, has come to. */
  batch(sample: BatchSample): void;
  /** How things stand, once a minute. */
  gauges(sample: GaugeSample): void;
  /** A change of phase, limit or valve. */
  decision(sample: DecisionSample): void;
}

/** Outcomes of a batch, and the latency of each call that the provider answered. */
export interface BatchSample {
  readonly evidence: Evidence;
  readonly latenciesMs: readonly number[];
  /** How long the batch's oldest message had waited since it was sent; absent where it is unknown. */
  readonly oldestMessageAgeMs?: number;
}

/** How a provider stands. */
export interface GaugeSample {
  readonly phase: Phase;
  readonly limit: number;
  readonly inFlightCount: number;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly isValveEnabled: boolean;
  /** Whether the provider has asked to be left alone for now. */
  readonly isHeld: boolean;
  readonly backlogCount: number;
}

/** A decision in numbers. */
export interface DecisionSample {
  readonly phase: Phase;
  readonly previousPhase: Phase;
  readonly limit: number;
  readonly rule: string;
}
