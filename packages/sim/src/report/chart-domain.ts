import { highest } from "./extremes.ts";
import type { Trace, TraceSample } from "./trace.ts";

/** The ends of a chart's axes, which begin at 0; charts that are compared share it. */
export interface ChartDomain {
  readonly durationMs: number;
  readonly maxCount: number;
  /** For the valve's own strip: records in the hands of ventilators can be far more than requests in flight. */
  readonly maxValveCount: number;
}

/** The domain that holds all of these traces. */
export function domainOf(traces: readonly Trace[]): ChartDomain {
  const samples = traces.flatMap((trace) => trace.samples);
  return {
    durationMs: highest(
      traces.map(({ durationMs, samples }) => Math.max(durationMs, samples.at(-1)?.atMs ?? 0)),
    ),
    maxCount: highest([
      ...traces.map(({ maxConcurrency }) => maxConcurrency),
      highest(
        samples.map(({ limit, inFlightCount, capacityCount = 0 }) =>
          Math.max(limit, inFlightCount, capacityCount),
        ),
      ),
    ]),
    maxValveCount: highest(samples.map(valveCountOf)),
  };
}

/** The records that a valve lets into the hands of ventilators; 0 for one that is shut. */
export function valveCountOf({ isValveEnabled, maximumConcurrency, batchSize }: TraceSample): number {
  return isValveEnabled ? maximumConcurrency * batchSize : 0;
}
