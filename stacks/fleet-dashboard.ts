import { listProviderIds } from "@sluice/aws/file-catalog";
import { fleetNamesOf, LANES } from "@sluice/core/provider";
import { chart, line } from "./chart.ts";
import { type MetricAddress, type MetricAddresses, metricAddressesOf } from "./metric-addresses.ts";
import { stage } from "./place.ts";

const { environment, settings } = stage;
const providerIds = (await listProviderIds()).filter((id) => !settings.without.includes(id));

/**
 * An operator's first look at all providers. It shows what alarms need, and what AWS tells by itself, so that no metric is
 * paid for its sake. CloudWatch takes 2,500 metrics a dashboard, which is enough for 170 providers.
 */
export const dashboard = new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: fleetNamesOf(environment).dashboard,
  dashboardBody: JSON.stringify({
    widgets: [
      chart(
        0,
        0,
        "Requests in flight",
        ofEach("Maximum", ({ own }) => own("InFlight")),
      ),
      chart(
        12,
        0,
        "Calls a minute",
        ofEach("Sum", ({ ofFunction }) => ofFunction("worker", "Invocations")),
      ),
      chart(
        0,
        6,
        "Minutes in which a breaker keeps records waiting",
        ofEach("Sum", ({ own }) => own("KeptWaiting")),
      ),
      chart(
        12,
        6,
        "Trips",
        ofEach("Sum", ({ own }) => own("Trips")),
      ),
      chart(
        0,
        12,
        "Own side: 1 workers can't begin, 2 all is rejected",
        ofEach("Maximum", ({ own }) => own("EnvironmentHeld")),
      ),
      chart(
        12,
        12,
        "Standstills",
        ofEach("Sum", ({ own }) => own("Standstill")),
      ),
      chart(
        0,
        18,
        "Waiting, in both lanes",
        LANES.flatMap((lane) =>
          ofEach("Maximum", ({ ofQueue }) => ofQueue(lane, "ApproximateNumberOfMessagesVisible"), lane),
        ),
      ),
      chart(
        12,
        18,
        "Dead letters",
        ofEach("Maximum", ({ ofQueue }) => ofQueue("dead-letter", "ApproximateNumberOfMessagesVisible")),
      ),
      chart(
        0,
        24,
        "Age of the oldest message of the bulk, s",
        ofEach("Maximum", ({ ofQueue }) => ofQueue("records", "ApproximateAgeOfOldestMessage")),
      ),
      chart(
        12,
        24,
        "Length of calls, 95 of 100 are shorter, ms",
        ofEach("p95", ({ ofFunction }) => ofFunction("worker", "Duration")),
      ),
      chart(
        0,
        30,
        "Errors of ventilator and waker",
        (["ventilator", "waker"] as const).flatMap((name) =>
          ofEach("Sum", ({ ofFunction }) => ofFunction(name, "Errors"), name),
        ),
      ),
      chart(
        12,
        30,
        "Errors of workers",
        ofEach("Sum", ({ ofFunction }) => ofFunction("worker", "Errors")),
      ),
    ],
  }),
});

/** One line for each provider. */
function ofEach(stat: string, addressOf: (of: MetricAddresses) => MetricAddress, what?: string): unknown[] {
  return providerIds.map((id) =>
    line(addressOf(metricAddressesOf(id, environment)), stat, what === undefined ? id : `${id} ${what}`),
  );
}
