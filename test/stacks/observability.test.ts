import { readFile } from "node:fs/promises";
import { readProvider } from "@sluice/aws/file-catalog";
import { planOf } from "@sluice/core/deployment";
import { namesOf } from "@sluice/core/provider";
import { beforeAll, expect, test } from "vitest";
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
    BreakerOpenAlarm: "ignore",
    WorkersCantBeginAlarm: "notBreaching",
    EverythingRejectedAlarm: "notBreaching",
    DeadLettersAlarm: "notBreaching",
    OldestMessageAlarm: "notBreaching",
    ReceivedTooOftenAlarm: "notBreaching",
    RecordsExpiringAlarm: "ignore",
    ExpressExpiringAlarm: "ignore",
    DeadLettersExpiringAlarm: "ignore",
    HoldForgottenAlarm: "ignore",
    WakerSilentAlarm: "breaching",
    VentilatorErrorsAlarm: "notBreaching",
    WorkerErrorsAlarm: "notBreaching",
    WakerErrorsAlarm: "notBreaching",
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

/** The value of the expression that an alarm looks at. */
function resultOf(name: string, values: Record<string, number>): unknown {
  const { expression = "" } = queriesOf(name).find(({ returnData }) => returnData) ?? {};
  return evaluate(expression, values);
}

test("every alarm is explained in the operator's page", async () => {
  const page = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const explained = [...page.matchAll(/^### (.*)$/gm)].flatMap(([, heading = ""]) => heading.split(", "));
  const alarms = allOf(run, "cloudwatch/metricAlarm").map(({ name }) => name.replace(/Alarm$/, ""));
  expect(alarms.length).toBeGreaterThan(10);
  expect(alarms.filter((name) => !explained.includes(name))).toEqual([]);
});

test("the breaker's alarm wants an hour in which no minute was closed, and is silent while nobody waits, Sluice's own side is broken or it is held by plan", () => {
  expect(named(run, "cloudwatch/metricAlarm", "BreakerOpenAlarm").inputs).toMatchObject({
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 60,
    datapointsToAlarm: 60,
  });
  expect(queriesOf("BreakerOpen")[0]?.metric).toMatchObject({ metricName: "Phase", stat: "Minimum" });
  const of = (phase: number, backlog: number, environment = 0, held = 0) =>
    resultOf("BreakerOpen", { phase, backlog, environment, held });
  expect([of(0, 9), of(1, 9), of(2, 9)]).toEqual([0, 1, 2]);
  expect([of(0, 0), of(1, 0), of(2, 0)]).toEqual([0, 0, 2]);
  expect([of(1, 9, 1), of(2, 9, 1), of(2, 9, 2)]).toEqual([0, 0, 0]);
  expect([of(1, 9, 0, 2), of(2, 0, 0, 2), of(2, 9, 1, 2), of(2, 9, 0, 1)]).toEqual([0, 0, 0, 2]);
  const held = queriesOf("BreakerOpen").find(({ id }) => id === "held");
  expect(held?.metric).toMatchObject({ metricName: "Held", stat: "Maximum" });
});

test("a hold of an operator's that is a day old is told", () => {
  expect(named(run, "cloudwatch/metricAlarm", "HoldForgottenAlarm").inputs).toMatchObject({
    threshold: 86_400,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 1,
  });
  expect(queriesOf("HoldForgotten")[0]?.metric).toMatchObject({ metricName: "OrderedHoldAge" });
});

test("workers can't begin in a minute in which more attempts did not begin than did, or under a hold for it", () => {
  const calm = { environment: 0, unstarted: 0, ok: 0, slow: 0, fault: 0, throttled: 0, rejected: 0 };
  const of = (minute: Partial<typeof calm>) => resultOf("WorkersCantBegin", { ...calm, ...minute });
  expect(of({})).toBe(0);
  expect(of({ unstarted: 1 })).toBe(1);
  expect(of({ environment: 1 })).toBe(1);
  expect(of({ environment: 2 })).toBe(0);
  expect(of({ unstarted: 5, ok: 1, slow: 1, fault: 1, throttled: 1, rejected: 1 })).toBe(0);
  expect(of({ unstarted: 6, ok: 1, slow: 1, fault: 1, throttled: 1, rejected: 1 })).toBe(1);
  expect(of({ fault: 9 })).toBe(0);
  // Under a hold one record is tried every few minutes.
  expect(named(run, "cloudwatch/metricAlarm", "WorkersCantBeginAlarm").inputs).toMatchObject({
    threshold: 1,
    evaluationPeriods: 20,
    datapointsToAlarm: 3,
  });
});

test("that everything is rejected is told in the first minute of a hold for it", () => {
  expect(named(run, "cloudwatch/metricAlarm", "EverythingRejectedAlarm").inputs).toMatchObject({
    threshold: 2,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 1,
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
  expect(inputs).toMatchObject({ threshold: retentionSeconds - 4 * 86_400, evaluationPeriods: 1 });
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

test("age counts only while the breaker is closed and the provider has not asked to be left alone", () => {
  const queries = queriesOf("OldestMessage");
  const { expression = "" } = queries.find(({ returnData }) => returnData) ?? {};
  const age = (phase: number, held: number, records: number, express: number) =>
    evaluate(expression, { phase, held, records, express });
  expect(age(0, 0, 90_000, 5)).toBe(90_000);
  expect(age(0, 0, 5, 90_000)).toBe(90_000);
  expect(age(1, 0, 90_000, 90_000)).toBe(0);
  expect(age(2, 0, 90_000, 90_000)).toBe(0);
  expect(age(0, 1, 90_000, 90_000)).toBe(0);
  expect(queries.find(({ id }) => id === "records")?.metric?.dimensions).toEqual({
    QueueName: NAMES.queues.records,
  });
  expect(queries.find(({ id }) => id === "express")?.metric?.dimensions).toEqual({
    QueueName: NAMES.queues.express,
  });
});

test("a waker is silent that publishes no gauges, whether it was called or not", () => {
  expect(queriesOf("WakerSilent")[0]?.metric).toMatchObject({ metricName: "Backlog", stat: "SampleCount" });
  expect(named(run, "cloudwatch/metricAlarm", "WakerSilentAlarm").inputs).toMatchObject({
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
  });
});

test("dead letters are those of this provider's queue", () => {
  expect(queriesOf("DeadLetters")[0]?.metric).toMatchObject({
    namespace: "AWS/SQS",
    dimensions: { QueueName: NAMES.deadLetterQueue },
  });
});

/** Works out the few functions of CloudWatch's metric math that the alarm uses; with data, FILL changes nothing. */
function evaluate(expression: string, values: Record<string, number>): number {
  const source = expression
    .replaceAll(/FILL\((\w+), \w+\)/g, "$1")
    .replaceAll("AND", "&&")
    .replaceAll(" OR ", " || ")
    .replaceAll("==", "===")
    .replaceAll("IF(", "choose(")
    .replaceAll("MAX([", "Math.max(...[");
  const names = [...Object.keys(values), "choose"];
  const choose = (condition: boolean, yes: number, no: number) => (condition ? yes : no);
  return new Function(...names, `return ${source}`)(...Object.values(values), choose);
}
