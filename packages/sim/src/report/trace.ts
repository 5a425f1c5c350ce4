import type { Decision, Phase } from "@sluice/core/law";

/** The course of a run, for charts. Times count from its start. */
export interface Trace {
  /** The name of the run, such as `blackout-24min · sluice · seed 1`. */
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
  readonly events: readonly TraceEvent[];
  /** Figures for the chart's header, by name, as text. */
  readonly figures: Readonly<Record<string, string>>;
  /** Closings and holds; left out: there are none. */
  readonly shutSpans?: readonly ShutSpan[];
  /** The stages of the provider's weather, ascending in time; left out: they are not known. */
  readonly weather?: readonly WeatherSpan[];
}

/** A stage of the provider's weather. */
export interface WeatherSpan {
  /** For people, such as `brownout`. */
  readonly name: string;
  /** True if the provider is as its contract has it. */
  readonly isFair: boolean;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A time in which nothing may start because contract or operators want it so. */
export interface ShutSpan {
  /** `window`: the provider is closed; `hold`: an operator holds it. */
  readonly kind: "window" | "hold";
  readonly fromMs: number;
  readonly untilMs: number;
  /** For people, such as `held by anna`. */
  readonly name: string;
}

/** One instant of a {@link Trace}. */
export interface TraceSample {
  readonly atMs: number;
  readonly phase: Phase;
  readonly limit: number;
  readonly inFlightCount: number;
  /** Requests at once that the provider can truly bear; absent if that is not known. */
  readonly capacityCount?: number;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly isValveEnabled: boolean;
  readonly backlogCount: number;
  /** Records fetched so far. */
  readonly fetchedCount: number;
  /** Median of the last answers; absent if there was none, or if that is not known. */
  readonly latencyMs?: number;
  /** Absent if that is not known. */
  readonly faultsPerSecond?: number;
}

/** A decision of the law, or a change of a valve. */
export interface TraceEvent {
  readonly atMs: number;
  readonly kind: "decision" | "advice" | "valve" | "hold" | "order" | "quota";
  /** One sentence. */
  readonly summary: string;
  /** The law's decision with its reason, if it was one. */
  readonly decision?: Decision;
}
