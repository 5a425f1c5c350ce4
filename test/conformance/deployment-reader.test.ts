import { text } from "node:stream/consumers";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { createDeploymentReader } from "@sluice/aws/deployment-reader";
import { createSqsClient } from "@sluice/aws/sqs-queue";
import { planOf, queuesInOrder } from "@sluice/core/deployment";
import type { DeploymentReader } from "@sluice/core/ports";
import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, describe, expect, test } from "vitest";
import { openVirtualSqs } from "../support/virtual-sqs.ts";

const PROVIDER = demoProvider();
const PLAN = planOf(PROVIDER, "staging");
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const SETTINGS = {
  region: "us-east-1",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
  maxAttempts: 1,
};

/** An answer of AWS: a JSON value, or XML. */
interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly xml?: string;
  readonly errorType?: string;
  readonly date?: string;
}

let server: RawServer | undefined;
afterEach(() => server?.stop());

/** A reader of an AWS that answers each call, by its name or its path, as a test says. */
async function readerOf(
  answer: (call: string, body: string) => Answer,
  sqs?: SQSClient,
): Promise<DeploymentReader> {
  server = await startRawServer(async (response, request) => {
    const { url = "", headers } = request;
    const body = await text(request);
    const call = String(headers["x-amz-target"] ?? new URLSearchParams(body).get("Action") ?? url);
    const {
      status = 200,
      json,
      xml,
      errorType,
      date,
    } = answer(call.split(/[.?]/).at(-1) ?? "", `${body}\n${url}`);
    response.writeHead(status, {
      "content-type": xml === undefined ? "application/json" : "text/xml",
      ...(errorType && { "x-amzn-errortype": errorType }),
      ...(date && { date }),
    });
    response.end(xml ?? JSON.stringify(json ?? {}));
  });
  const settings = { ...SETTINGS, endpoint: server.url };
  return createDeploymentReader({
    environment: "staging",
    providerId: PROVIDER.id,
    sqs: sqs ?? createSqsClient(settings),
    lambda: new LambdaClient(settings),
    monitoring: {
      cloudWatch: new CloudWatchClient(settings),
      sns: new SNSClient(settings),
      iam: new IAMClient(settings),
    },
    configured: async () => PROVIDER,
    nowMs: () => NOON_MS,
  });
}

describe("queues", () => {
  test("are read as they were planned, and not found where there are none", async () => {
    const { client } = openVirtualSqs();
    const reader = await readerOf(() => ({}), client);
    expect(await reader.queue("records")).toEqual({ kind: "read", value: undefined });
    for (const plan of queuesInOrder(PLAN)) {
      const redrive = plan.deadLetterQueue && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${plan.deadLetterQueue}`,
          maxReceiveCount: plan.maxReceiveCount,
        }),
      };
      const command = new CreateQueueCommand({
        QueueName: plan.name,
        Attributes: {
          FifoQueue: "true",
          VisibilityTimeout: String(plan.visibilityTimeoutMs / 1_000),
          MessageRetentionPeriod: String(plan.retentionMs / 1_000),
          ...redrive,
        },
        tags: plan.tags,
      });
      await client.send(command);
    }
    for (const role of ["records", "dead-letter"] as const) {
      const {
        name: _,
        tags = {},
        ...attributes
      } = role === "records" ? PLAN.queues.records : PLAN.deadLetterQueue;
      expect(await reader.queue(role)).toEqual({ kind: "read", value: { ...attributes, tags } });
    }
  });

  test("tell the time of the cloud, whether or not there is one of the name", async () => {
    const date = "Wed, 18 Nov 2026 11:59:57 GMT";
    const value = { secondMs: NOON_MS - 3_000, askedAtMs: NOON_MS, answeredAtMs: NOON_MS };
    const found = await readerOf(() => ({ json: { QueueUrl: "http://x/y" }, date }));
    expect(await found.clock()).toEqual({ kind: "read", value });
    await server?.stop();
    const missing = { status: 400, json: { __type: "com.amazonaws.sqs#QueueDoesNotExist" }, date };
    expect(await (await readerOf(() => missing)).clock()).toEqual({ kind: "read", value });
  });
});

describe("mappings", () => {
  const url = { json: { QueueUrl: "http://x/y" } };
  const attributes = {
    QueueArn: "arn:aws:sqs:us-east-1:123456789012:records.fifo",
    VisibilityTimeout: "30",
    MessageRetentionPeriod: "60",
  };
  const mapping = {
    UUID: "one",
    EventSourceArn: attributes.QueueArn,
    State: "Enabled",
    BatchSize: 5,
    ScalingConfig: { MaximumConcurrency: 7 },
  };
  const reading = {
    state: "enabled",
    reason: "",
    settings: { isEnabled: true, batchSize: 5, maximumConcurrency: 7 },
  };

  test.each([
    ["to the ventilator", PLAN.names.ventilator, { ...reading, to: "ventilator" }],
    ["to a developer's relay", PLAN.names.relay, { ...reading, to: "relay" }],
    ["to another function", "other", undefined],
  ])("%s", async (_, to, value) => {
    const reader = await readerOf((call, sent) => {
      if (call === "GetQueueUrl") return url;
      if (call === "GetQueueAttributes") return { json: { Attributes: attributes } };
      return { json: { EventSourceMappings: sent.includes(`FunctionName=${to}`) ? [mapping] : [] } };
    });
    expect(await reader.mapping("records")).toEqual({ kind: "read", value });
  });
});

describe("functions", () => {
  test("tell what is reserved, and the provider that they were deployed with", async () => {
    const variables = { SLUICE_PROVIDER: JSON.stringify(PROVIDER) };
    const reader = await readerOf((call) =>
      call.endsWith("/concurrency")
        ? { json: { ReservedConcurrentExecutions: 4 } }
        : { json: { Environment: { Variables: variables } } },
    );
    expect(await reader.function("worker")).toEqual({ kind: "read", value: { reservedConcurrency: 4 } });
    expect(await reader.function("waker")).toEqual({ kind: "read", value: { provider: PROVIDER } });
  });

  test("that are not there are told as such, and so is the account's room", async () => {
    const gone = { status: 404, json: { Message: "no" }, errorType: "ResourceNotFoundException" };
    const limits = { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900 };
    const reader = await readerOf((call) =>
      call.includes("account-settings") ? { json: { AccountLimit: limits } } : gone,
    );
    expect(await reader.function("worker")).toEqual({ kind: "read", value: undefined });
    expect(await reader.function("ventilator")).toEqual({ kind: "read", value: undefined });
    expect(await reader.concurrency()).toEqual({ kind: "read", value: { limit: 1_000, unreserved: 900 } });
  });
});

describe("alarms", () => {
  test("are read page by page, without the stage's name", async () => {
    const named = (name: string, more: object) => ({ AlarmName: `${PLAN.names.table}-${name}`, ...more });
    const pages = [
      [named("BreakerOpen", { StateValue: "ALARM", ActionsEnabled: true, AlarmActions: [TOPIC] })],
      [named("WakerSilent", { StateValue: "OK", ActionsEnabled: false, AlarmActions: [TOPIC] })],
    ];
    const reader = await readerOf((_, sent) =>
      sent.includes("NextToken")
        ? { json: { MetricAlarms: pages[1] } }
        : { json: { MetricAlarms: pages[0], NextToken: "more" } },
    );
    expect(await reader.alarms()).toEqual({
      kind: "read",
      value: [
        { name: "BreakerOpen", isRaised: true, topicArns: [TOPIC] },
        { name: "WakerSilent", isRaised: false, topicArns: [] },
      ],
    });
  });

  test("are heard by those who have confirmed it", async () => {
    const member = (arn: string) => `<member><SubscriptionArn>${arn}</SubscriptionArn></member>`;
    const members = [`${TOPIC}:one`, "PendingConfirmation", "Deleted"].map(member).join("");
    const result = `<ListSubscriptionsByTopicResult><Subscriptions>${members}</Subscriptions></ListSubscriptionsByTopicResult>`;
    const xml = `<ListSubscriptionsByTopicResponse>${result}</ListSubscriptionsByTopicResponse>`;
    expect(await (await readerOf(() => ({ xml }))).subscriberCount(TOPIC)).toEqual({
      kind: "read",
      value: 1,
    });
  });
});

describe("topics that an alarm could not tell", () => {
  const KEY_REFUSAL =
    '"CloudWatch Alarms does not have authorization to access the SNS topic encryption key."';
  const failed = (topic: string) => `Failed to execute action ${topic}. Received error: ${KEY_REFUSAL}`;
  const told = (topic: string) => `Successfully executed action ${topic}`;
  const untoldOf = async (...summaries: readonly string[]) => {
    let asked = "";
    const reader = await readerOf((_, sent) => {
      asked = sent;
      return { json: { AlarmHistoryItems: summaries.map((HistorySummary) => ({ HistorySummary })) } };
    });
    const reading = await reader.untold("WakerSilent");
    expect(asked).toContain(`"AlarmName":"${PLAN.names.table}-WakerSilent"`);
    return reading;
  };

  test("are those whose last action failed, with what CloudWatch says of it", async () => {
    expect(await untoldOf(failed(TOPIC), told(`${TOPIC}-phone`), told(TOPIC))).toEqual({
      kind: "read",
      value: [{ topicArn: TOPIC, cause: KEY_REFUSAL }],
    });
  });

  test("are none where the last one arrived, or there was none", async () => {
    expect(await untoldOf(told(TOPIC), failed(TOPIC))).toEqual({ kind: "read", value: [] });
    expect(await untoldOf()).toEqual({ kind: "read", value: [] });
    expect(await untoldOf("Alarm updated from OK to ALARM")).toEqual({ kind: "read", value: [] });
  });
});

describe("permissions", () => {
  const ROLE = "arn:aws:iam::123456789012:role/waker";
  const FunctionArn = `arn:aws:lambda:eu-central-1:123456789012:function:${PLAN.names.waker}`;
  const result = (action: string, decision: string, more = "") =>
    `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision>${more}</member>`;
  const onOne = `<ResourceSpecificResults><member><EvalResourceName>x</EvalResourceName><EvalResourceDecision>explicitDeny</EvalResourceDecision></member></ResourceSpecificResults>`;

  test("are those that IAM's simulator does not allow a function's role, on each resource", async () => {
    const asked: URLSearchParams[] = [];
    const reader = await readerOf((call, sent) => {
      if (call !== "SimulatePrincipalPolicy") return { json: { Role: ROLE, FunctionArn } };
      asked.push(new URLSearchParams(sent.split("\n")[0]));
      const results = [
        result("sqs:SendMessage", "allowed"),
        result("sqs:DeleteMessage", "implicitDeny"),
        result("sqs:ReceiveMessage", "allowed", onOne),
      ].join("");
      const inner = `<SimulatePrincipalPolicyResult><EvaluationResults>${results}</EvaluationResults></SimulatePrincipalPolicyResult>`;
      return { xml: `<SimulatePrincipalPolicyResponse>${inner}</SimulatePrincipalPolicyResponse>` };
    });
    const needs = [{ actions: ["sqs:SendMessage"], on: "lanes" } as const];
    expect(await reader.deniedActions("waker", needs)).toEqual({
      kind: "read",
      value: ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
    });
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      PolicySourceArn: ROLE,
      "ActionNames.member.1": "sqs:SendMessage",
      "ResourceArns.member.1": `arn:aws:sqs:eu-central-1:123456789012:${PLAN.names.queues.records}`,
      "ResourceArns.member.2": `arn:aws:sqs:eu-central-1:123456789012:${PLAN.names.queues.express}`,
    });
  });
});

describe("the age of a queue's oldest message", () => {
  test("is that of the last minute which SQS has told of", async () => {
    const point = (agoMs: number, Maximum: number) => ({ Timestamp: (NOON_MS - agoMs) / 1_000, Maximum });
    const Datapoints = [point(600_000, 1), point(120_000, 90), point(300_000, 2)];
    let asked = "";
    const reader = await readerOf((_, sent) => {
      asked = sent;
      return { json: { Datapoints } };
    });
    expect(await reader.oldestMessageAgeMs("dead-letter")).toEqual({ kind: "read", value: 90_000 });
    expect(asked).toContain(PLAN.names.deadLetterQueue);
  });

  test("is not known of a queue of which SQS tells nothing", async () => {
    const reader = await readerOf(() => ({ json: { Datapoints: [] } }));
    expect(await reader.oldestMessageAgeMs("records")).toEqual({ kind: "read", value: undefined });
  });
});

type Call = (reader: DeploymentReader) => Promise<unknown>;
const CALLS: readonly (readonly [permission: string, call: Call])[] = [
  ["sqs:GetQueueAttributes", (reader) => reader.queue("records")],
  ["cloudwatch:GetMetricStatistics", (reader) => reader.oldestMessageAgeMs("records")],
  ["lambda:GetFunctionConcurrency", (reader) => reader.function("worker")],
  ["lambda:GetFunctionConfiguration", (reader) => reader.function("waker")],
  ["lambda:GetFunctionConfiguration", (reader) => reader.deniedActions("waker", [])],
  ["lambda:GetAccountSettings", (reader) => reader.concurrency()],
  ["cloudwatch:DescribeAlarms", (reader) => reader.alarms()],
  ["sns:ListSubscriptionsByTopic", (reader) => reader.subscriberCount(TOPIC)],
  ["cloudwatch:DescribeAlarmHistory", (reader) => reader.untold("WakerSilent")],
];

test.each(CALLS)("a refusal by IAM names %s", async (permission, call) => {
  const Message = `User: arn:aws:iam::1:user/anna is not authorized to perform: ${permission} on resource: *`;
  const reader = await readerOf((name) =>
    name === "ListSubscriptionsByTopic"
      ? {
          status: 403,
          xml: `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${Message}</Message></Error></ErrorResponse>`,
        }
      : {
          status: 403,
          json: { __type: "AccessDeniedException", Message, message: Message },
          errorType: "AccessDeniedException",
        },
  );
  expect(await call(reader)).toEqual({ kind: "denied", permission, cause: Message });
});

test.each(CALLS)("a service that is in trouble is no refusal: %s", async (_, call) => {
  const xml = "<ErrorResponse><Error><Code>InternalError</Code><Message>no</Message></Error></ErrorResponse>";
  const reader = await readerOf((name) =>
    name === "ListSubscriptionsByTopic"
      ? { status: 500, xml }
      : { status: 500, json: { message: "no" }, errorType: "InternalFailure" },
  );
  expect(await call(reader)).toMatchObject({ kind: "unreachable" });
});

test("a cloud on this machine has neither alarms nor limits, nor a contract of a data file", async () => {
  const { client } = openVirtualSqs();
  const reader = createDeploymentReader({
    environment: "staging",
    providerId: PROVIDER.id,
    sqs: client,
    lambda: new LambdaClient(SETTINGS),
    configured: async () => PROVIDER,
    nowMs: () => NOON_MS,
  });
  const answers = await Promise.all([
    reader.oldestMessageAgeMs("records"),
    reader.function("worker"),
    reader.deniedActions("waker", []),
    reader.concurrency(),
    reader.alarms(),
    reader.subscriberCount(TOPIC),
    reader.untold("WakerSilent"),
    reader.configuredProvider(),
  ]);
  for (const answer of answers) expect(answer).toEqual({ kind: "not-here" });
});
