import { APP_NAME } from "../provider/names.ts";

/** Where CloudWatch keeps Sluice's own metrics. */
export const METRIC_NAMESPACE = "Sluice";

/** What tells a provider's metrics from another's. Each combination is a metric that is paid for. */
export function metricDimensionsOf(
  providerId: string,
  environment: string,
): { readonly service: string; readonly provider: string; readonly environment: string } {
  return { service: APP_NAME, provider: providerId, environment };
}

/** The metrics that Sluice publishes; alarms and charts name no others. */
export type MetricName =
  | "Ok"
  | "Slow"
  | "Fault"
  | "Throttled"
  | "Rejected"
  | "Unavailable"
  | "Latency"
  | "OldestMessageAge"
  | "Phase"
  | "Limit"
  | "InFlight"
  | "BatchSize"
  | "MaximumConcurrency"
  | "ValveEnabled"
  | "Held"
  | "Backlog"
  | "Trips";

/** Phases as numbers: the worse, the higher. */
export const PHASE_VALUES = { closed: 0, "half-open": 1, open: 2 } as const;
