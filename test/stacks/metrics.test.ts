import { readFile } from "node:fs/promises";
import { listProviderIds } from "@sluice/aws/file-catalog";
import { createPowertoolsMetrics } from "@sluice/aws/powertools-metrics";
import type { MetricScope } from "@sluice/core/deployment";
import { NO_EVIDENCE } from "@sluice/core/law";
import type { GaugeSample } from "@sluice/core/ports";
import { beforeAll, expect, test, vi } from "vitest";
import { HERE, runWith } from "./environment-tree.ts";
import { runStage, type StageRun } from "./graph.ts";
import { allOf } from "./resources.ts";

const PREPARING_MS = 300_000;
/** https://aws.amazon.com/cloudwatch/pricing/ */
const METRIC_USD = 0.3;
const ALARM_METRIC_USD = 0.1;
const DASHBOARD_USD = 3;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const CHART_METRICS_MAX = 500;
const DASHBOARD_METRICS_MAX = 2_500;
/** Providers that a fleet may have. */
const FLEET_MAX = 170;

const providerIds = await listProviderIds();
let demo: StageRun;
let each: StageRun;
let fleet: StageRun;
let partOfFleet: StageRun;
beforeAll(async () => {
  demo = await runStage("demo");
  each = await runWith({ ...HERE, dashboards: "each" });
  fleet = await runStage("fleet");
  partOfFleet = await runWith({ ...HERE, without: ["slowpoke"] }, "fleet-staging");
}, PREPARING_MS);

/** A metric as an alarm or a chart names it. */
interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface MetricQuery {
  readonly metric?: Series;
}

function inAlarms(run: StageRun): readonly Series[] {
  return allOf(run, "cloudwatch/metricAlarm")
    .flatMap(({ inputs }) => inputs.metricQueries as MetricQuery[])
    .flatMap(({ metric }) => metric ?? [])
    .map(({ namespace, metricName, dimensions }) => ({ namespace, metricName, dimensions }));
}

interface Widget {
  readonly properties: { readonly title: string; readonly metrics: readonly (readonly unknown[])[] };
}

function chartsOf(run: StageRun): readonly Widget[] {
  return allOf(run, "cloudwatch/dashboard").flatMap(
    ({ inputs }) => JSON.parse(String(inputs.dashboardBody)).widgets,
  );
}

function inCharts(run: StageRun): readonly Series[] {
  return chartsOf(run)
    .flatMap(({ properties }) => properties.metrics)
    .map(([namespace, metricName, ...rest]) => ({
      namespace: String(namespace),
      metricName: String(metricName),
      dimensions: pairs(rest),
    }));
}

function pairs(dimensions: readonly unknown[]): Record<string, string> {
  const texts = dimensions.filter((each) => typeof each === "string");
  return Object.fromEntries(
    texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ""]] : [])),
  );
}

const ofSluice = (series: readonly Series[]) => series.filter(({ namespace }) => namespace === "Sluice");
const namesIn = (series: readonly Series[]) =>
  [...new Set(series.map(({ metricName }) => metricName))].toSorted();

/** A minute in which every gauge has something to tell. */
const TROUBLED: GaugeSample = {
  phase: "closed",
  limit: 1,
  inFlightCount: 1,
  valve: { batchSize: 1, maximumConcurrency: 2, isEnabled: true },
  hold: "none",
  orderedHoldAgeMs: 1,
  environmentHold: "all-rejected",
  backlogCount: 1,
  troubles: ["kept-waiting", "cant-begin", "standstill"],
};
/** A minute in which nobody has anything to do. */
const IDLE: GaugeSample = {
  ...TROUBLED,
  inFlightCount: 0,
  orderedHoldAgeMs: 0,
  environmentHold: "none",
  backlogCount: 0,
  troubles: [],
};
/** A minute in which all is well, and more waits. */
const BUSY: GaugeSample = { ...IDLE, inFlightCount: 1, backlogCount: 1 };
const FLOW = {
  evidence: { ...NO_EVIDENCE, okCount: 1 },
  latenciesMs: [1],
  unstartedCount: 0,
  oldestMessageAgeMs: 1,
};

/** Has the adapter publish everything once, and reads the lines as CloudWatch does. */
function publishedIn(scope: MetricScope, environment = "production"): readonly Series[] {
  return published(scope, environment, (metrics) => {
    const evidence = Object.fromEntries(
      Object.keys(NO_EVIDENCE).map((sum) => [sum, 1]),
    ) as typeof NO_EVIDENCE;
    metrics.batch({ evidence, latenciesMs: [1], unstartedCount: 1, oldestMessageAgeMs: 1, receiveCount: 1 });
    metrics.decision({ phase: "open", previousPhase: "closed", limit: 1, rule: "any" });
    metrics.gauges(TROUBLED);
  });
}

function published(
  scope: MetricScope,
  environment: string,
  publish: (metrics: ReturnType<typeof createPowertoolsMetrics>) => void,
): readonly Series[] {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    publish(createPowertoolsMetrics("demo", environment, scope));
  } finally {
    spy.mockRestore();
  }
  return lines
    .map((line) => JSON.parse(line))
    .flatMap(({ _aws, ...values }) =>
      _aws.CloudWatchMetrics.flatMap(
        (directive: { Namespace: string; Dimensions: [string[]]; Metrics: { Name: string }[] }) =>
          directive.Metrics.map(({ Name }) => ({
            namespace: directive.Namespace,
            metricName: Name,
            dimensions: Object.fromEntries(directive.Dimensions[0].map((key) => [key, values[key]])),
          })),
      ),
    );
}

test("the metrics that are told are those that alarms look at: no fewer, and none to be paid for besides", () => {
  expect(namesIn(publishedIn("alarms"))).toEqual(namesIn(ofSluice(inAlarms(demo))));
});

test("alarms and charts name no metric that nobody publishes", () => {
  const few = publishedIn("alarms");
  const all = publishedIn("all", "staging");
  expect(ofSluice(inCharts(each)).length).toBeGreaterThan(12);
  for (const series of ofSluice([...inAlarms(demo), ...inCharts(demo)])) expect(few).toContainEqual(series);
  for (const series of ofSluice([...inAlarms(each), ...inCharts(each)])) expect(all).toContainEqual(series);
  const ofDemo = ofSluice(inCharts(fleet)).filter(({ dimensions }) => dimensions.provider === "demo");
  expect(ofDemo.length).toBeGreaterThan(4);
  for (const series of ofDemo) expect(few).toContainEqual(series);
});

test("a provider has a dashboard only where its environment asks for it, and tells what that one shows only there", () => {
  expect(allOf(demo, "cloudwatch/dashboard")).toEqual([]);
  expect(allOf(each, "cloudwatch/dashboard").map(({ inputs }) => inputs.dashboardName)).toEqual([
    "sluice-staging-demo",
  ]);
  const scopeOf = (run: StageRun) =>
    allOf(run, "lambda/function").flatMap(
      ({ inputs }) =>
        (inputs.environment as { variables: Record<string, string> }).variables.SLUICE_METRICS ?? [],
    );
  expect([scopeOf(demo), scopeOf(each)]).toEqual([
    ["alarms", "alarms"],
    ["all", "all"],
  ]);
});

test("the fleet's dashboard shows every provider of the environment in each of its charts", () => {
  expect(allOf(fleet, "cloudwatch/dashboard").map(({ inputs }) => inputs.dashboardName)).toEqual([
    "sluice-production-fleet",
  ]);
  const shown = (run: StageRun) =>
    chartsOf(run).map(({ properties }) =>
      providerIds.filter((id) => JSON.stringify(properties).includes(id)),
    );
  expect(shown(fleet).length).toBeGreaterThan(8);
  for (const ids of shown(fleet)) expect(ids).toEqual(providerIds);
  for (const ids of shown(partOfFleet)) expect(ids).toEqual(providerIds.filter((id) => id !== "slowpoke"));
});

test("CloudWatch takes the fleet's dashboard up to the size that it says", () => {
  const perProvider = chartsOf(fleet).map(({ properties }) => properties.metrics.length / providerIds.length);
  expect(FLEET_MAX * perProvider.reduce((one, other) => one + other)).toBeLessThanOrEqual(
    DASHBOARD_METRICS_MAX,
  );
  expect(FLEET_MAX * Math.max(...perProvider)).toBeLessThanOrEqual(CHART_METRICS_MAX);
});

test("each chart has a title, a region and at least one series", () => {
  for (const { properties } of [...chartsOf(each), ...chartsOf(fleet)]) {
    expect(properties).toMatchObject({ title: expect.stringMatching(/\w/), region: "us-east-1" });
    expect(properties.metrics.length).toBeGreaterThan(0);
  }
});

test("what CloudWatch costs is what the page about costs says", async () => {
  const page = await readFile(new URL("../../docs/costs.md", import.meta.url), "utf8");
  const said = Object.fromEntries(
    [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, what = "", few, every]) => [
      what,
      [few, every],
    ]),
  );
  const cell = (count: number, usd: number) => `${count}, ${(count * usd).toFixed(2)} USD`;
  const toldIn = (scope: MetricScope, life: "idle" | "flow") =>
    namesIn(
      published(scope, "production", (metrics) => {
        metrics.gauges(life === "idle" ? IDLE : BUSY);
        if (life === "flow") metrics.batch(FLOW);
      }),
    ).length;
  const both = (count: (scope: MetricScope, run: StageRun) => number, usd: number) => [
    cell(count("alarms", demo), usd),
    cell(count("all", each), usd),
  ];
  expect(said).toMatchObject({
    "metrics of its own, while nothing is to do": both((scope) => toldIn(scope, "idle"), METRIC_USD),
    "while records flow and all is well": both((scope) => toldIn(scope, "flow"), METRIC_USD),
    "at most, in trouble": both((scope) => namesIn(publishedIn(scope)).length, METRIC_USD),
    "metrics that alarms look at": both((_, run) => inAlarms(run).length, ALARM_METRIC_USD),
    dashboards: both((_, run) => allOf(run, "cloudwatch/dashboard").length, DASHBOARD_USD),
  });
  const totalOf = (scope: MetricScope, run: StageRun) =>
    toldIn(scope, "idle") * METRIC_USD +
    inAlarms(run).length * ALARM_METRIC_USD +
    allOf(run, "cloudwatch/dashboard").length * DASHBOARD_USD;
  expect(said["all that is told of an idle provider"]).toEqual(
    [totalOf("alarms", demo), totalOf("all", each)].map((usd) => `${usd.toFixed(2)} USD`),
  );
  const ofFifty = [totalOf("alarms", demo), totalOf("all", each)].map(
    (usd) => `${(50 * usd + allOf(fleet, "cloudwatch/dashboard").length * DASHBOARD_USD).toFixed(0)} USD`,
  );
  for (const total of ofFifty) expect(page).toContain(total);
});
