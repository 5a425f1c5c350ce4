import { METRIC_NAMESPACE, type MetricName, metricDimensionsOf } from "@sluice/core/deployment";
import { type Lane, namesOf } from "@sluice/core/provider";

/** A metric as CloudWatch names it. */
export interface MetricAddress {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The metrics of a provider in an environment. */
export interface MetricAddresses {
  /** One of Sluice's own metrics. */
  own(metricName: MetricName): MetricAddress;
  /** A metric that SQS publishes of a queue. */
  ofQueue(
    queue: Lane | "dead-letter",
    metricName:
      | "ApproximateNumberOfMessagesVisible"
      | "ApproximateAgeOfOldestMessage"
      | "NumberOfMessagesSent",
  ): MetricAddress;
  /** A metric that Lambda publishes of a function. */
  ofFunction(
    name: "ventilator" | "worker" | "waker",
    metricName: "Errors" | "Throttles" | "Invocations" | "Duration",
  ): MetricAddress;
  /** A metric that DynamoDB publishes of the table. */
  ofTable(metricName: "ReadThrottleEvents" | "WriteThrottleEvents"): MetricAddress;
}

/** Names the metrics of a provider. */
export function metricAddressesOf(providerId: string, environment: string): MetricAddresses {
  const names = namesOf(environment, providerId);
  return {
    own(metricName) {
      const dimensions = { ...metricDimensionsOf(providerId, environment) };
      return { namespace: METRIC_NAMESPACE, metricName, dimensions };
    },
    ofQueue(queue, metricName) {
      const QueueName = queue === "dead-letter" ? names.deadLetterQueue : names.queues[queue];
      return { namespace: "AWS/SQS", metricName, dimensions: { QueueName } };
    },
    ofFunction: (name, metricName) => ({
      namespace: "AWS/Lambda",
      metricName,
      dimensions: { FunctionName: names[name] },
    }),
    ofTable: (metricName) => ({
      namespace: "AWS/DynamoDB",
      metricName,
      dimensions: { TableName: names.table },
    }),
  };
}
