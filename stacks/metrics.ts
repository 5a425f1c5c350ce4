import { METRIC_NAMESPACE, type MetricName, metricDimensionsOf } from "@sluice/core/deployment";
import { environment, plan, provider } from "./deployment.ts";

/** A metric as CloudWatch names it. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One of Sluice's own metrics of this provider. */
export function own(metricName: MetricName): Metric {
  const { service, provider: id, environment: name } = metricDimensionsOf(provider.id, environment);
  return {
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensions: { service, provider: id, environment: name },
  };
}

/** A metric that SQS publishes of a queue. */
export function ofQueue(
  queue: "recordsQueue" | "expressQueue" | "deadLetterQueue",
  metricName: "ApproximateNumberOfMessagesVisible" | "ApproximateAgeOfOldestMessage",
): Metric {
  return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: plan.names[queue] } };
}

/** A metric that Lambda publishes of a function. */
export function ofFunction(
  name: "ventilator" | "worker" | "waker",
  metricName: "Errors" | "Throttles" | "Duration" | "ConcurrentExecutions",
): Metric {
  return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: plan.names[name] } };
}
