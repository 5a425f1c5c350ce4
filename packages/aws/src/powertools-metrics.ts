import { Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import {
  BATCH_METRICS,
  DECISION_METRICS,
  GAUGE_METRICS,
  METRIC_NAMESPACE,
  type Metric,
  type MetricScope,
  metricDimensionsOf,
  metricsIn,
} from "@sluice/core/deployment";
import type { Metrics } from "@sluice/core/ports";

/**
 * {@link Metrics} as lines of CloudWatch's embedded metric format on stdout: publishing calls no service. All metrics
 * of a provider have the same dimensions, because each combination is a metric that is paid for.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createPowertoolsMetrics(
  providerId: string,
  environment: string,
  scope: MetricScope = "alarms",
): Metrics {
  const { service, ...defaultDimensions } = metricDimensionsOf(providerId, environment);
  const metrics = new PowertoolsMetrics({
    namespace: METRIC_NAMESPACE,
    serviceName: service,
    defaultDimensions,
  });

  function publish<Sample>(
    all: readonly Metric<Sample>[],
    sample: Sample,
    names: Readonly<Record<string, string>> = {},
  ): void {
    try {
      const told = metricsIn(scope, all).flatMap(({ name, unit, valuesOf }) =>
        // Powertools publishes by itself what has reached a hundred values, the most that one line may hold.
        valuesOf(sample)
          .filter(Number.isFinite)
          .map((value) => [name, unit, value] as const),
      );
      if (told.length === 0) return;
      for (const [name, value] of Object.entries(names)) metrics.addMetadata(name, value);
      for (const metric of told) metrics.addMetric(...metric);
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    } catch {
      // A chart is not worth a record: what can't be published is dropped.
    }
  }

  return {
    batch: (sample) => publish(BATCH_METRICS, sample),
    gauges: (sample) => publish(GAUGE_METRICS, sample),
    decision: (sample) => publish(DECISION_METRICS, sample, { rule: sample.rule }),
  };
}
