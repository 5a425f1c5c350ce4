import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { HERE, runWith } from "./environment-tree.ts";
import type { StageRun } from "./graph.ts";
import { isAllowed, type Statement } from "./resources.ts";

const PREPARING_MS = 300_000;
/** Longest managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_MAX_LENGTH = 6_144;
const ACCOUNT_ID = "123456789012";
const REGION = "eu-central-1";
const BOUNDARY = `arn:aws:iam::${ACCOUNT_ID}:policy/boundary`;

interface IamStatement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const text = await readFile(new URL("../../docs/deployer-policy.json", import.meta.url), "utf8");
const policy: readonly IamStatement[] = JSON.parse(text).Statement;
const statements: readonly Statement[] = policy.map(({ Effect, Action, Resource, Condition = {} }) => ({
  effect: Effect,
  actions: Action,
  resources: [Resource].flat(),
  conditions: Object.entries(Condition).flatMap(([test, keys]) =>
    Object.entries(keys).map(([variable, values]) => ({ test, variable, values: [values].flat() })),
  ),
}));

const arn = (service: string, resource: string, region = REGION) =>
  `arn:aws:${service}:${region}:${ACCOUNT_ID}:${resource}`;
const may = (action: string, resource: string, context: Record<string, string> = {}) =>
  isAllowed(statements, action, resource, context);

/** The calls that make, read, change and remove a resource, and what it is called in a policy. */
const CALLS: Readonly<
  Record<string, { readonly actions: readonly string[]; readonly arnOf: (name: string) => string }>
> = {
  "aws:dynamodb/table:Table": {
    actions: [
      "CreateTable",
      "DescribeTable",
      "UpdateTable",
      "DeleteTable",
      "UpdateTimeToLive",
      "UpdateContinuousBackups",
      "TagResource",
    ].map((call) => `dynamodb:${call}`),
    arnOf: (name) => arn("dynamodb", `table/${name}`),
  },
  "aws:sqs/queue:Queue": {
    actions: [
      "CreateQueue",
      "GetQueueAttributes",
      "SetQueueAttributes",
      "DeleteQueue",
      "TagQueue",
      "ListQueueTags",
    ].map((call) => `sqs:${call}`),
    arnOf: (name) => arn("sqs", name),
  },
  "aws:lambda/function:Function": {
    actions: [
      "CreateFunction",
      "GetFunction",
      "UpdateFunctionCode",
      "UpdateFunctionConfiguration",
      "PutFunctionConcurrency",
      "DeleteFunctionConcurrency",
      "DeleteFunction",
      "TagResource",
    ].map((call) => `lambda:${call}`),
    arnOf: (name) => arn("lambda", `function:${name}`),
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    actions: ["Put", "Get", "Update", "Delete"].map((call) => `lambda:${call}FunctionEventInvokeConfig`),
    arnOf: (name) => arn("lambda", `function:${name}`),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    actions: ["CreateLogGroup", "PutRetentionPolicy", "DeleteLogGroup", "TagResource"].map(
      (call) => `logs:${call}`,
    ),
    arnOf: (name) => arn("logs", `log-group:${name}`),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    actions: ["PutMetricAlarm", "DescribeAlarms", "DeleteAlarms"].map((call) => `cloudwatch:${call}`),
    arnOf: (name) => arn("cloudwatch", `alarm:${name}`),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    actions: ["PutDashboard", "GetDashboard", "DeleteDashboards"].map((call) => `cloudwatch:${call}`),
    arnOf: (name) => arn("cloudwatch", `dashboard/${name}`, ""),
  },
  "aws:cloudwatch/eventBus:EventBus": {
    actions: ["CreateEventBus", "DescribeEventBus", "DeleteEventBus", "TagResource"].map(
      (call) => `events:${call}`,
    ),
    arnOf: (name) => arn("events", `event-bus/${name}`),
  },
  "aws:sns/topic:Topic": {
    actions: ["CreateTopic", "GetTopicAttributes", "SetTopicAttributes", "DeleteTopic"].map(
      (call) => `sns:${call}`,
    ),
    arnOf: (name) => arn("sns", name),
  },
  "aws:scheduler/schedule:Schedule": {
    actions: ["CreateSchedule", "GetSchedule", "UpdateSchedule", "DeleteSchedule"].map(
      (call) => `scheduler:${call}`,
    ),
    arnOf: (name) => arn("scheduler", `schedule/default/${name}`),
  },
  "aws:iam/policy:Policy": {
    actions: ["CreatePolicy", "GetPolicy", "CreatePolicyVersion", "DeletePolicyVersion", "DeletePolicy"].map(
      (call) => `iam:${call}`,
    ),
    arnOf: (name) => `arn:aws:iam::${ACCOUNT_ID}:policy/${name}`,
  },
  "aws:iam/role:Role": {
    actions: [
      "CreateRole",
      "GetRole",
      "PutRolePolicy",
      "UpdateAssumeRolePolicy",
      "DeleteRolePolicy",
      "DeleteRole",
    ].map((call) => `iam:${call}`),
    arnOf: (name) => `arn:aws:iam::${ACCOUNT_ID}:role/${name}`,
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    actions: [
      "CreateEventSourceMapping",
      "GetEventSourceMapping",
      "UpdateEventSourceMapping",
      "DeleteEventSourceMapping",
    ].map((call) => `lambda:${call}`),
    arnOf: () => arn("lambda", "event-source-mapping:9f3c"),
  },
};
/** What belongs to another resource, or to SST's own bucket. */
const BESIDE = ["aws:sqs/queuePolicy:QueuePolicy", "aws:s3/bucketObjectv2:BucketObjectv2"];

describe("the deployer's policy", () => {
  let runs: readonly StageRun[];
  beforeAll(async () => {
    runs = [
      await runWith({ ...HERE, dashboards: "each" }, "slowpoke-staging"),
      await runWith({ ...HERE, bus: "sluice" }, "fleet-staging"),
    ];
  }, PREPARING_MS);

  test("is one that AWS takes", () => {
    expect(JSON.parse(text).Version).toBe("2012-10-17");
    expect(JSON.stringify(JSON.parse(text)).length).toBeLessThanOrEqual(POLICY_MAX_LENGTH);
    expect(new Set(policy.map(({ Sid }) => Sid)).size).toBe(policy.length);
    for (const { Sid, Action } of policy) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    }
  });

  test("allows every call for every resource of a stage, by its name there", () => {
    const inAws = runs.flatMap(({ resources }) => resources).filter(({ type }) => type.startsWith("aws:"));
    const types = new Set(inAws.map(({ type }) => type));
    expect([...types].filter((type) => CALLS[type] === undefined && !BESIDE.includes(type))).toEqual([]);
    expect(types.size).toBeGreaterThan(10);
    const context = {
      "iam:PermissionsBoundary": BOUNDARY,
      "lambda:FunctionArn": arn("lambda", "function:sluice-*"),
    };
    for (const { type, inputs } of inAws) {
      const { actions = [], arnOf } = CALLS[type] ?? {};
      const resource = arnOf?.(String(inputs.name ?? inputs.functionName ?? inputs.dashboardName)) ?? "";
      for (const action of actions)
        expect(may(action, resource, context), `${action} ${resource}`).toBe(true);
    }
  });

  test("hands the stage's roles to the services that run it, and to no other", () => {
    const role = `arn:aws:iam::${ACCOUNT_ID}:role/sluice-production-slowpoke-worker`;
    const to = (service: string) => may("iam:PassRole", role, { "iam:PassedToService": service });
    expect(to("lambda.amazonaws.com")).toBe(true);
    expect(to("scheduler.amazonaws.com")).toBe(true);
    expect(to("ec2.amazonaws.com")).toBe(false);
  });

  test("lets DynamoDB use the environment's key in the deployer's name, and looks at that key itself", () => {
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    const byTable = ["CreateGrant", "Decrypt", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"];
    const via = (service: string) => ({ "kms:ViaService": `${service}.${REGION}.amazonaws.com` });
    for (const call of byTable) {
      expect(may(`kms:${call}`, KEY, via("dynamodb")), call).toBe(true);
      expect(may(`kms:${call}`, KEY), call).toBe(false);
      expect(may(`kms:${call}`, KEY, via("sqs")), call).toBe(false);
      expect(may(`kms:${call}`, `${KEY.slice(0, -1)}c`, via("dynamodb")), call).toBe(false);
    }
    expect(may("kms:DescribeKey", KEY)).toBe(true);
  });

  test.each([
    ["changing who may use the key", "kms:PutKeyPolicy", KEY],
    ["deleting the key", "kms:ScheduleKeyDeletion", KEY],
    ["disabling the key", "kms:DisableKey", KEY],
    ["looking at another key", "kms:DescribeKey", `${KEY.slice(0, -1)}c`],
    ["a role without the boundary", "iam:CreateRole", `arn:aws:iam::${ACCOUNT_ID}:role/sluice-x`],
    ["a role of somebody else's", "iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT_ID}:role/admin`],
    ["a managed policy for a role", "iam:AttachRolePolicy", `arn:aws:iam::${ACCOUNT_ID}:role/sluice-x`],
    [
      "taking the boundary away",
      "iam:DeleteRolePermissionsBoundary",
      `arn:aws:iam::${ACCOUNT_ID}:role/sluice-x`,
    ],
    ["changing the boundary itself", "iam:CreatePolicyVersion", BOUNDARY],
    ["a user", "iam:CreateUser", `arn:aws:iam::${ACCOUNT_ID}:user/x`],
    ["somebody else's function", "lambda:UpdateFunctionCode", arn("lambda", "function:other")],
    ["putting an event", "events:PutEvents", arn("events", "event-bus/sluice")],
    ["somebody else's bus", "events:DeleteEventBus", arn("events", "event-bus/orders")],
    [
      "calling a function",
      "lambda:InvokeFunction",
      arn("lambda", "function:sluice-production-slowpoke-worker"),
    ],
    ["reading a record", "dynamodb:GetItem", arn("dynamodb", "table/sluice-production-slowpoke")],
    ["reading a queue", "sqs:ReceiveMessage", arn("sqs", "sluice-production-slowpoke-records.fifo")],
    ["another region", "sqs:DeleteQueue", arn("sqs", "sluice-production-slowpoke-records.fifo", "us-east-1")],
  ])("does not allow %s", (_what, action, resource) => {
    expect(may(action, resource)).toBe(false);
  });
});
