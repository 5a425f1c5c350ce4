import { LANES } from "@sluice/core/provider";
import { environment, plan, provider, region } from "./deployment.ts";
import { type MetricAddress, ofFunction, ofQueue, own } from "./metrics.ts";

/** An operator's first look: the flow, the reason if there is none, and all that is waiting. */
export const dashboard = new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: plan.names.table,
  dashboardBody: JSON.stringify({
    widgets: [
      chart(
        0,
        0,
        `Requests in flight at ${provider.id}: ${provider.maxConcurrency} allowed`,
        [line(own("Limit"), "Minimum", "limit"), line(own("InFlight"), "Maximum", "in flight")],
        { max: provider.maxConcurrency, mark: { label: "allowed", value: provider.maxConcurrency } },
      ),
      chart(
        12,
        0,
        "Phase: 0 closed, 1 probing, 2 open",
        [
          line(own("Phase"), "Maximum", "phase"),
          line(own("Held"), "Maximum", "held: 1 by Retry-After, 2 by plan"),
          line(own("EnvironmentHeld"), "Maximum", "held: 1 workers can't begin, 2 all is rejected"),
          line(own("Trips"), "Sum", "trips"),
        ],
        { max: 2 },
      ),
      chart(
        0,
        6,
        "Outcomes per minute",
        [
          line(own("Ok"), "Sum", "ok"),
          line(own("Slow"), "Sum", "slow"),
          line(own("Fault"), "Sum", "fault"),
          line(own("Throttled"), "Sum", "throttled"),
          line(own("Rejected"), "Sum", "rejected"),
          line(own("Unavailable"), "Sum", "unavailable"),
        ],
        { isStacked: true },
      ),
      chart(
        12,
        6,
        "Latency of the provider, ms",
        [
          line(own("Latency"), "p50", "p50"),
          line(own("Latency"), "p95", "p95"),
          line(own("Latency"), "p99", "p99"),
        ],
        { mark: { label: "slow", value: provider.slowAfterMs } },
      ),
      chart(0, 12, "Waiting", [
        line(own("Backlog"), "Maximum", "backlog"),
        line(ofQueue("dead-letter", "ApproximateNumberOfMessagesVisible"), "Maximum", "dead letters"),
      ]),
      chart(
        12,
        12,
        "Age of the oldest message, s",
        ([...LANES, "dead-letter"] as const).map((queue) =>
          line(ofQueue(queue, "ApproximateAgeOfOldestMessage"), "Maximum", queue),
        ),
      ),
      chart(0, 18, "Valve", [
        line(own("ValveEnabled"), "Minimum", "enabled"),
        line(own("BatchSize"), "Maximum", "batch size"),
        line(own("MaximumConcurrency"), "Maximum", "maximum concurrency"),
      ]),
      chart(12, 18, "Errors and throttles of the functions", [
        line(ofFunction("ventilator", "Errors"), "Sum", "ventilator errors"),
        line(ofFunction("worker", "Errors"), "Sum", "worker errors"),
        line(ofFunction("waker", "Errors"), "Sum", "waker errors"),
        line(ofFunction("ventilator", "Throttles"), "Sum", "ventilator throttles"),
        line(ofFunction("worker", "Throttles"), "Sum", "worker throttles"),
        line(own("Unstarted"), "Sum", "workers that can't begin"),
      ]),
    ],
  }),
});

interface ChartOptions {
  readonly isStacked?: boolean;
  readonly max?: number;
  readonly mark?: { readonly label: string; readonly value: number };
}

function chart(x: number, y: number, title: string, metrics: unknown[], options: ChartOptions = {}) {
  const { isStacked = false, max, mark } = options;
  return {
    type: "metric",
    x,
    y,
    width: 12,
    height: 6,
    properties: {
      title: `${title} (${environment})`,
      view: "timeSeries",
      stacked: isStacked,
      region,
      period: 60,
      metrics,
      yAxis: { left: { min: 0, ...(max !== undefined && { max }) } },
      ...(mark && { annotations: { horizontal: [mark] } }),
    },
  };
}

/** A series in the form of a dashboard's body. */
function line({ namespace, metricName, dimensions }: MetricAddress, stat: string, label: string) {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat, label }];
}
