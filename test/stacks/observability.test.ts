import { readFile } from "node:fs/promises";
import { readProvider } from "@sluice/aws/file-catalog";
import { createPowertoolsMetrics } from "@sluice/aws/powertools-metrics";
import { planOf } from "@sluice/core/deployment";
import { NO_EVIDENCE } from "@sluice/core/law";
import { namesOf } from "@sluice/core/provider";
import { beforeAll, expect, test, vi } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { allOf, named } from "./resources.ts";

const PREPARING_MS = 300_000;
const NAMES = namesOf("production", "demo");

const demo = await readProvider("demo");
let run: StageRun;
beforeAll(async () => {
  run = await runStage("demo");
}, PREPARING_MS);

interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly returnData: boolean;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly stat: string;
    readonly dimensions: Record<string, string>;
  };
}

const queriesOf = (name: string) =>
  named(run, "cloudwatch/metricAlarm", `${name}Alarm`).inputs.metricQueries as MetricQuery[];

test("alarms are these, and what a minute without data means is said for each", () => {
  const alarms = Object.fromEntries(
    allOf(run, "cloudwatch/metricAlarm").map(({ name, inputs }) => [name, inputs.treatMissingData]),
  );
  expect(alarms).toEqual({
    BreakerOpenAlarm: "notBreaching",
    BreakerTripsAlarm: "notBreaching",
    WorkersCantBeginAlarm: "notBreaching",
    EverythingRejectedAlarm: "notBreaching",
    StandstillAlarm: "notBreaching",
    DeadLettersAlarm: "notBreaching",
    DeadLettersFloodAlarm: "notBreaching",
    OldestMessageAlarm: "notBreaching",
    ReceivedTooOftenAlarm: "notBreaching",
    RecordsExpiringAlarm: "ignore",
    ExpressExpiringAlarm: "ignore",
    DeadLettersExpiringAlarm: "ignore",
    HoldForgottenAlarm: "ignore",
    WakerSilentAlarm: "ignore",
    VentilatorErrorsAlarm: "notBreaching",
    WorkerErrorsAlarm: "notBreaching",
    WakerErrorsAlarm: "notBreaching",
    AwsThrottlesAlarm: "notBreaching",
  });
});

test("every alarm reaches the topic, both ways, and says where to read on", () => {
  const [topic] = allOf(run, "sns/topic");
  for (const { inputs } of allOf(run, "cloudwatch/metricAlarm")) {
    expect(inputs.alarmActions).toEqual([expect.stringContaining(String(topic?.inputs.name))]);
    expect(inputs.okActions).toEqual(inputs.alarmActions);
    expect(inputs.alarmDescription).toContain("docs/operations.md");
    const returned = (inputs.metricQueries as MetricQuery[]).filter(({ returnData }) => returnData);
    expect(returned).toHaveLength(1);
  }
});

test("alarms cost what docs/operations.md says: AWS counts the series that each looks at", async () => {
  const series = allOf(run, "cloudwatch/metricAlarm").flatMap(({ inputs }) =>
    (inputs.metricQueries as MetricQuery[]).filter(({ metric }) => metric !== undefined),
  );
  const page = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
  expect(page).toContain(`look at ${series.length} series`);
});

test("every alarm is explained in the operator's page", async () => {
  const page = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const explained = [...page.matchAll(/^### (.*)$/gm)].flatMap(([, heading = ""]) => heading.split(", "));
  const alarms = allOf(run, "cloudwatch/metricAlarm").map(({ name }) => name.replace(/Alarm$/, ""));
  expect(alarms.length).toBeGreaterThan(10);
  expect(alarms.filter((name) => !explained.includes(name))).toEqual([]);
});

test("a hold of an operator's that is a day old is told", () => {
  expect(named(run, "cloudwatch/metricAlarm", "HoldForgottenAlarm").inputs).toMatchObject({
    threshold: 86_400,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    datapointsToAlarm: 1,
  });
  expect(queriesOf("HoldForgotten")[0]?.metric).toMatchObject({ metricName: "OrderedHoldAge" });
});

test("that everything is rejected is told in the first minute of a hold for it", () => {
  expect(named(run, "cloudwatch/metricAlarm", "EverythingRejectedAlarm").inputs).toMatchObject({
    threshold: 2,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    datapointsToAlarm: 1,
  });
  expect(queriesOf("EverythingRejected")[0]?.metric).toMatchObject({
    metricName: "EnvironmentHeld",
    stat: "Maximum",
  });
});

test("a message that comes again and again is told at half of the receives that SQS allows", () => {
  const { maxReceiveCount } = planOf(demo, "production").queues.records;
  expect(named(run, "cloudwatch/metricAlarm", "ReceivedTooOftenAlarm").inputs.threshold).toBe(
    (maxReceiveCount ?? 0) / 2,
  );
  expect(queriesOf("ReceivedTooOften")[0]?.metric).toMatchObject({ metricName: "Receives", stat: "Maximum" });
});

test.each([
  ["Records", NAMES.queues.records],
  ["Express", NAMES.queues.express],
  ["DeadLetters", NAMES.deadLetterQueue],
])("four days before the %s queue forgets a message it is said, whatever the breaker does", (name, queue) => {
  const queues = allOf(run, "sqs/queue").filter(({ inputs }) => inputs.name === queue);
  const retentionSeconds = Number(queues[0]?.inputs.messageRetentionSeconds);
  const { inputs } = named(run, "cloudwatch/metricAlarm", `${name}ExpiringAlarm`);
  expect(inputs).toMatchObject({ threshold: retentionSeconds - 4 * 86_400, datapointsToAlarm: 1 });
  expect(queriesOf(`${name}Expiring`)).toMatchObject([
    {
      metric: {
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: queue },
        stat: "Maximum",
      },
    },
  ]);
});

test("a message is too old after twenty hours, and as many more as the contract closes the provider for", () => {
  expect(demo.windows).toBeUndefined();
  expect(named(run, "cloudwatch/metricAlarm", "OldestMessageAlarm").inputs.threshold).toBe(20 * 3_600);
});

test("a standstill lasts longer than several calls of the longest kind", () => {
  const { evaluationPeriods, datapointsToAlarm } = named(
    run,
    "cloudwatch/metricAlarm",
    "StandstillAlarm",
  ).inputs;
  const callMinutes = Math.ceil(demo.worker.timeoutMs / 60_000) + 1;
  const wellMinutes = Number(evaluationPeriods) - Number(datapointsToAlarm);
  expect(Math.floor(Number(evaluationPeriods) / callMinutes)).toBeGreaterThan(wellMinutes);
});

test("a waker's sign of life is a gauge that needs nothing but the table", () => {
  expect(queriesOf("WakerSilent")[0]?.metric).toMatchObject({ metricName: "InFlight", stat: "SampleCount" });
});

test("dead letters are those of this provider's queue", () => {
  expect(queriesOf("DeadLetters")[0]?.metric).toMatchObject({
    namespace: "AWS/SQS",
    metricName: "NumberOfMessagesSent",
    dimensions: { QueueName: NAMES.deadLetterQueue },
  });
});

test("alarms and charts name no metric that nobody publishes", () => {
  const published = publishedMetrics();
  const inAlarms = allOf(run, "cloudwatch/metricAlarm")
    .flatMap(({ inputs }) => inputs.metricQueries as MetricQuery[])
    .flatMap(({ metric }) => (metric?.namespace === "Sluice" ? [metric] : []));
  const inCharts = widgets().flatMap(({ properties }) =>
    properties.metrics.flatMap(([namespace, metricName, ...dimensions]) =>
      namespace === "Sluice" ? [{ metricName: String(metricName), dimensions: pairs(dimensions) }] : [],
    ),
  );
  expect(inAlarms.length).toBeGreaterThan(3);
  expect(inCharts.length).toBeGreaterThan(12);
  for (const { metricName, dimensions } of [...inAlarms, ...inCharts]) {
    expect(published.names).toContain(metricName);
    expect(dimensions).toEqual(published.dimensions);
  }
});

test("the dashboard has a title, a region and at least one series in each chart", () => {
  expect(named(run, "cloudwatch/dashboard", "Dashboard").inputs.dashboardName).toBe(NAMES.table);
  expect(widgets().length).toBeGreaterThanOrEqual(6);
  for (const { properties } of widgets()) {
    expect(properties).toMatchObject({ title: expect.stringMatching(/\w/), region: "us-east-1" });
    expect(properties.metrics.length).toBeGreaterThan(0);
  }
});

interface Widget {
  readonly properties: { readonly metrics: readonly (readonly unknown[])[] };
}

function widgets(): readonly Widget[] {
  return JSON.parse(String(named(run, "cloudwatch/dashboard", "Dashboard").inputs.dashboardBody)).widgets;
}

function pairs(dimensions: readonly unknown[]): Record<string, string> {
  const texts = dimensions.filter((each) => typeof each === "string");
  return Object.fromEntries(
    texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ""]] : [])),
  );
}

/** Has the adapter publish everything once, and reads the lines as CloudWatch does. */
function publishedMetrics(): {
  readonly names: readonly string[];
  readonly dimensions: Record<string, string>;
} {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    const metrics = createPowertoolsMetrics("demo", "production");
    const evidence = {
      ...NO_EVIDENCE,
      okCount: 1,
      slowCount: 1,
      faultCount: 1,
      throttledCount: 1,
      rejectedCount: 1,
      unavailableCount: 1,
    };
    metrics.batch({ evidence, latenciesMs: [1], unstartedCount: 1, oldestMessageAgeMs: 1, receiveCount: 1 });
    metrics.decision({ phase: "open", previousPhase: "closed", limit: 1, rule: "any" });
    metrics.gauges({
      phase: "closed",
      limit: 1,
      inFlightCount: 1,
      valve: { batchSize: 1, maximumConcurrency: 2, isEnabled: true },
      hold: "none",
      orderedHoldAgeMs: 0,
      environmentHold: "none",
      backlogCount: 1,
      troubles: ["kept-waiting", "cant-begin", "standstill"],
    });
  } finally {
    spy.mockRestore();
  }
  const parsed = lines.map((line) => JSON.parse(line));
  const directives = parsed.flatMap(({ _aws }) => _aws.CloudWatchMetrics);
  const [
    {
      Dimensions: [keys],
    },
  ] = directives;
  return {
    names: directives.flatMap(({ Metrics }) => Metrics.map(({ Name }: { Name: string }) => Name)),
    dimensions: Object.fromEntries(keys.map((key: string) => [key, parsed[0][key]])),
  };
}
