import type { Decision, Phase } from "@sluice/core/law";

/** How a run went over time, for charts. Times count from the start of the run. */
export interface Trace {
  /** What ran, such as `blackout-24min · sluice · seed 1`. */
  readonly title: string;
  /** Traces of one scenario are shown side by side; without it the trace stands alone. */
  readonly scenario?: string;
  /** The law that governed; it titles the trace among those of its scenario. */
  readonly law?: string;
  readonly durationMs: number;
  /** X. */
  readonly maxConcurrency: number;
  /** Ascending in time. */
  readonly samples: readonly TraceSample[];
  /** Ascending in time. */
  readonly decisions: readonly TraceDecision[];
  /** Figures for the chart's header, by name, as text. */
  readonly figures: Readonly<Record<string, string>>;
}

/** One instant of a {@link Trace}. */
export interface TraceSample {
  readonly atMs: number;
  readonly phase: Phase;
  readonly limit: number;
  readonly inFlightCount: number;
  /** What the provider can truly bear; where nobody knows it, it is absent. */
  readonly capacityCount?: number;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly isValveEnabled: boolean;
  readonly backlogCount: number;
  /** Records fetched so far. */
  readonly fetchedCount: number;
}

/** A decision of the law, or a change of a valve. */
export interface TraceDecision {
  readonly atMs: number;
  readonly kind: "decision" | "advice" | "valve" | "hold";
  /** One sentence. */
  readonly summary: string;
  /** Why, if the law decided. */
  readonly decision?: Decision;
}
