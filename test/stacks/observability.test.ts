import { readFile } from "node:fs/promises";
import { readProvider } from "@sluice/aws/file-catalog";
import { parseEnvironment, planOf } from "@sluice/core/deployment";
import { namesOf } from "@sluice/core/provider";
import { beforeAll, expect, test } from "vitest";
import { HERE } from "./environment-tree.ts";
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
    HoldForgottenAlarm: "notBreaching",
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

test("the operator's table says of how many minutes each alarm is raised, and which of them wake", async () => {
  const page = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const wake = { topicArn: "arn:aws:sns:us-east-1:123456789012:phone" };
  const { alarms } = parseEnvironment({ ...HERE, alarms: { wake } }, "production", "production.json");
  const told = (name: string) => {
    // Where one row is of several alarms its link names them all.
    const row = page.split("\n").find((line) => line.startsWith("| [") && isOf(line, name)) ?? "";
    const [, , raised = "", wakes = ""] = row.split("|").map((cell) => cell.trim());
    return { minutes: /\d+ of \d+/.exec(raised)?.[0], wakes };
  };
  for (const { name, inputs } of allOf(run, "cloudwatch/metricAlarm")) {
    const alarm = name.replace(/Alarm$/, "");
    const { datapointsToAlarm: bad, evaluationPeriods: of } = inputs;
    const minutes = Number(bad) > 1 ? `${bad} of ${of}` : undefined;
    const wakes = alarms.wake?.names.some((waking) => waking === alarm) === true ? "yes" : "";
    expect({ alarm, ...told(alarm) }).toEqual({ alarm, minutes, wakes });
  }
});

function isOf(row: string, alarm: string): boolean {
  const [, title = "", link = ""] = /^\| \[([^\]]+)\]\(#([a-z-]+)\)/.exec(row) ?? [];
  return title === alarm || (title.endsWith("…") && link.split("-").includes(alarm.toLowerCase()));
}

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
