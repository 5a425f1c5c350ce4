import { METRIC_NAMESPACE, type MetricName, metricDimensionsOf } from "@sluice/core/deployment";
import type { Lane } from "@sluice/core/provider";
import { environment, plan, provider } from "./deployment.ts";

/** A metric as CloudWatch names it. */
export interface MetricAddress {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One of Sluice's own metrics of this provider. */
export function own(metricName: MetricName): MetricAddress {
  const { service, provider: id, environment: name } = metricDimensionsOf(provider.id, environment);
  return {
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensions: { service, provider: id, environment: name },
  };
}

/** A metric that SQS publishes of a queue. */
export function ofQueue(
  queue: Lane | "dead-letter",
  metricName: "ApproximateNumberOfMessagesVisible" | "ApproximateAgeOfOldestMessage" | "NumberOfMessagesSent",
): MetricAddress {
  const queueName = queue === "dead-letter" ? plan.names.deadLetterQueue : plan.names.queues[queue];
  return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: queueName } };
}

/** A metric that Lambda publishes of a function. */
export function ofFunction(
  name: "ventilator" | "worker" | "waker",
  metricName: "Errors" | "Throttles" | "Duration" | "ConcurrentExecutions",
): MetricAddress {
  return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: plan.names[name] } };
}

/** A metric that DynamoDB publishes of the table. */
export function ofTable(metricName: "ReadThrottleEvents" | "WriteThrottleEvents"): MetricAddress {
  return { namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: plan.names.table } };
}
