import {
  BATCH_METRICS,
  DECISION_METRICS,
  GAUGE_METRICS,
  METRIC_NAMESPACE,
  type Metric,
  metricDimensionsOf,
  metricsIn,
} from "@sluice/core/deployment";
import type { Metrics } from "@sluice/core/ports";
import type { LogMeter } from "./meter.ts";

/** Bytes that CloudWatch Logs adds to each line: https://aws.amazon.com/cloudwatch/pricing/ */
const LINE_OVERHEAD_BYTES = 26;
const SOME_INSTANT_MS = 1_764_292_640_123;

/** Counts the lines of CloudWatch's embedded metric format that metrics are published by, as they are printed in AWS. */
export function meterMetrics(meter: LogMeter, providerId: string): Metrics {
  const dimensions = metricDimensionsOf(providerId, "production");

  function count<Sample>(metrics: readonly Metric<Sample>[], sample: Sample, names: object = {}): void {
    const published = metricsIn("alarms", metrics)
      .map(({ name, unit, valuesOf }) => ({ name, unit, values: valuesOf(sample).filter(Number.isFinite) }))
      .filter(({ values }) => values.length > 0);
    if (published.length === 0) return;
    for (const { name } of published) meter.metricNames.add(name);
    const line = {
      _aws: {
        Timestamp: SOME_INSTANT_MS,
        CloudWatchMetrics: [
          {
            Namespace: METRIC_NAMESPACE,
            Dimensions: [Object.keys(dimensions)],
            Metrics: published.map(({ name, unit }) => ({ Name: name, Unit: unit })),
          },
        ],
      },
      ...dimensions,
      ...Object.fromEntries(
        published.map(({ name, values }) => [name, values.length === 1 ? values[0] : values]),
      ),
      ...names,
    };
    meter.bytes += LINE_OVERHEAD_BYTES + JSON.stringify(line).length;
  }

  return {
    batch: (sample) => count(BATCH_METRICS, sample),
    gauges: (sample) => count(GAUGE_METRICS, sample),
    decision: (sample) => count(DECISION_METRICS, sample, { rule: sample.rule }),
  };
}
