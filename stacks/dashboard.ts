import { LANES } from "@sluice/core/provider";
import { chart, line } from "./chart.ts";
import { plan, provider, settings } from "./deployment.ts";
import { ofFunction, ofQueue, own } from "./metrics.ts";

// Where the environment asks for one of each provider: the flow, the reason if there is none, and all that is waiting.
if (settings.dashboards === "each") {
  new aws.cloudwatch.Dashboard("Dashboard", {
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
}
