import type { Latency } from "@sluice/core/provider";
import type { MeasuredMapping } from "../event-source-mapping/measured-mapping.ts";
import type { TimeLine } from "./time-line.ts";

/** A provider's story over time, and that of the parts between it and the breaker; `parseScenario` makes one. */
export interface Scenario {
  readonly name: string;
  readonly durationMinutes: number;
  /** Records that wait at minute 0. */
  readonly backlog: number;
  /** Records that are enqueued later. */
  readonly arrivalsPerMinute: TimeLine;
  readonly provider: SimulatedProvider;
  readonly valve: SimulatedValve;
  readonly observers: SimulatedObservers;
}

/** A provider's contract and its weather. Ratios are from 0 to 1, minutes count from the start. */
export interface SimulatedProvider {
  /** X: the most requests that the contract allows at once. */
  readonly maxConcurrency: number;
  readonly slowAfterMs: number;
  readonly timeoutMs: number;
  readonly latency: Latency | LatencyMix;
  /** Requests at once that the provider can bear; 0 is an outage. */
  readonly capacity: TimeLine;
  readonly overload: Overload;
  /** Share of calls that fail at any load. */
  readonly faultRatio: TimeLine;
  /** Multiplies every latency. */
  readonly latencyFactor: TimeLine;
  /** Share of records that fail every time, at any load. */
  readonly poisonRatio: number;
  /** Share of records that the provider does not know: it answers 404 every time. */
  readonly rejectedRatio: number;
  /** A slow recovery from outages; null: it recovers at once. */
  readonly fragile: Fragility | null;
}

/** A latency of several kinds of calls, each log-normal around its median, all cut at both ends. */
export interface LatencyMix {
  /** The shares add up to 1. */
  readonly mix: readonly LatencyPart[];
  readonly minMs: number;
  readonly maxMs: number;
}

/** One kind of calls within a mix. */
export interface LatencyPart {
  readonly share: number;
  readonly medianMs: number;
  /** Standard deviation of the latency's logarithm. */
  readonly sigma: number;
}

/** The fate of requests beyond the capacity. */
export interface Overload {
  readonly mode: OverloadMode;
  /** The steepness with which latency grows with load in the modes `stretch` and `collapse`. */
  readonly exponent: number;
  /** The Retry-After of a throttled answer; null: none. */
  readonly retryAfterSeconds: number | null;
}

/**
 * - `reject`: answers 429 in 50 ms;
 * - `stretch`: latency × (in flight / capacity)^exponent;
 * - `collapse`: stretches, and serves only the share capacity / in flight: the others fail;
 * - `hang`: never answers.
 *
 * In an outage `hang` never answers, and the others answer 500 in 50 ms.
 */
export type OverloadMode = "reject" | "stretch" | "collapse" | "hang";

/** After an outage capacity starts at 1 and grows; a start beyond it takes the provider down again. */
export interface Fragility {
  readonly downMinutes: number;
  readonly rampPerMinute: number;
}

/** The delays of the event source mapping. */
export interface SimulatedValve {
  /** An update takes effect after a time between these two. */
  readonly updateDelaySeconds: readonly [min: number, max: number];
  /** Time of an invocation that is no call: poll, start, claim, completion. */
  readonly overheadMs: number;
  /** As it was measured on AWS; what it tells goes before the rest. No scenario's file has it. */
  readonly measured?: MeasuredMapping;
}

/** Share of reports that reach the breaker late, never or twice. */
export interface SimulatedObservers {
  readonly lateRatio: number;
  readonly lostRatio: number;
  readonly duplicateRatio: number;
}
