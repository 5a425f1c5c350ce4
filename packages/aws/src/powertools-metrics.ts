import { Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { METRIC_NAMESPACE, type MetricName, metricDimensionsOf, PHASE_VALUES } from "@sluice/core/deployment";
import type { BatchSample, DecisionSample, GaugeSample, Metrics } from "@sluice/core/ports";

/** A metric's value, or several values of which CloudWatch makes quantiles. */
type MetricDatum = readonly [name: MetricName, unit: Unit, values: number | readonly number[]];

type Unit = "Count" | "Milliseconds" | "Seconds" | "None";

/**
 * {@link Metrics} as lines of CloudWatch's embedded metric format on stdout: publishing calls no service. All metrics
 * of a provider have the same dimensions, because each combination is a metric that is paid for.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createPowertoolsMetrics(providerId: string, environment: string): Metrics {
  const { service, ...defaultDimensions } = metricDimensionsOf(providerId, environment);
  const metrics = new PowertoolsMetrics({
    namespace: METRIC_NAMESPACE,
    serviceName: service,
    defaultDimensions,
  });

  function publish(all: readonly MetricDatum[], names: Readonly<Record<string, string>> = {}): void {
    try {
      for (const [name, value] of Object.entries(names)) metrics.addMetadata(name, value);
      for (const [name, unit, values] of all) {
        // Powertools publishes by itself what has reached a hundred values, the most that one line may hold.
        for (const value of [values].flat().filter(Number.isFinite)) metrics.addMetric(name, unit, value);
      }
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    } catch {
      // A chart is not worth a record: what can't be published is dropped.
    }
  }

  return {
    batch: (sample) => publish(batchMetrics(sample)),
    gauges: (sample) => publish(gaugeMetrics(sample)),
    decision: (sample) => publish(decisionMetrics(sample), { rule: sample.rule }),
  };
}

/** Outcomes that did not occur are left out: a line is paid for by its length, and sums take no notice. */
function batchMetrics({ evidence, latenciesMs, oldestMessageAgeMs }: BatchSample): MetricDatum[] {
  const counts: MetricDatum[] = [
    ["Ok", "Count", evidence.okCount],
    ["Slow", "Count", evidence.slowCount],
    ["Fault", "Count", evidence.faultCount + evidence.repeatFaultCount],
    ["Throttled", "Count", evidence.throttledCount],
    ["Rejected", "Count", evidence.rejectedCount],
    ["Unavailable", "Count", evidence.unavailableCount],
  ];
  return [
    ...counts.filter(([, , count]) => count !== 0),
    ["Latency", "Milliseconds", latenciesMs],
    ["OldestMessageAge", "Seconds", oldestMessageAgeMs === undefined ? [] : oldestMessageAgeMs / 1_000],
  ];
}

function gaugeMetrics(sample: GaugeSample): MetricDatum[] {
  return [
    ["Phase", "None", PHASE_VALUES[sample.phase]],
    ["Limit", "Count", sample.limit],
    ["InFlight", "Count", sample.inFlightCount],
    ["BatchSize", "Count", sample.batchSize],
    ["MaximumConcurrency", "Count", sample.maximumConcurrency],
    ["ValveEnabled", "None", sample.isValveEnabled ? 1 : 0],
    ["Held", "None", sample.isHeld ? 1 : 0],
    ["Backlog", "Count", sample.backlogCount],
  ];
}

/** A failed probe opens the breaker again, but is no trip. */
function decisionMetrics({ phase, previousPhase, limit }: DecisionSample): MetricDatum[] {
  return [
    ["Phase", "None", PHASE_VALUES[phase]],
    ["Limit", "Count", limit],
    ["Trips", "Count", phase === "open" && previousPhase === "closed" ? 1 : 0],
  ];
}
