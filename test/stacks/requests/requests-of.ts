import type { AwsRequest } from "../../aws-model/model-problems.ts";
import type { Resource } from "../graph.ts";
import { policyDocumentOf } from "./policy-document.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** Resources that are SST's own doing. */
const UNCHECKED: readonly string[] = ["aws:s3/bucketObjectv2:BucketObjectv2"];

/** The calls with which Pulumi's provider makes each type of resource; it names most members as AWS does, but for the capital. */
const REQUESTS: Readonly<Record<string, (inputs: Inputs) => AwsRequest[]>> = {
  "aws:cloudwatch/dashboard:Dashboard": (inputs) => [call("cloudwatch", "PutDashboard", capitalised(inputs))],
  "aws:cloudwatch/eventBus:EventBus": (inputs) => [call("events", "CreateEventBus", capitalised(inputs))],
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:dynamodb/table:Table": table,
  "aws:iam/policy:Policy": ({ name, policy, ...rest }) => [
    call("iam", "CreatePolicy", {
      PolicyName: name,
      PolicyDocument: policyDocumentOf(policy),
      ...capitalised(rest),
    }),
  ],
  "aws:iam/role:Role": role,
  "aws:lambda/eventSourceMapping:EventSourceMapping": (inputs) => [
    call("lambda", "CreateEventSourceMapping", capitalised(inputs)),
  ],
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (inputs) => [
    call("lambda", "PutFunctionEventInvokeConfig", capitalised(inputs)),
  ],
  "aws:scheduler/schedule:Schedule": (inputs) => [call("scheduler", "CreateSchedule", capitalised(inputs))],
  "aws:sns/topic:Topic": ({ name, ...attributes }) => [
    call("sns", "CreateTopic", {
      Name: name,
      ...(Object.keys(attributes).length > 0 && { Attributes: capitalised(attributes) }),
    }),
  ],
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": ({ queueUrl, policy, ...rest }) => [
    call("sqs", "SetQueueAttributes", {
      QueueUrl: queueUrl,
      Attributes: { Policy: policyDocumentOf(policy) },
      ...capitalised(rest),
    }),
  ],
};

/** Says that nobody knows yet how a type of resource is made. */
export class RequestsUnknown extends Error {
  constructor(type: string) {
    super(`No request is known for ${type}: add it to requests-of.ts`);
    this.name = new.target.name;
  }
}

/** The calls that make a resource of a stage. @throws RequestsUnknown */
export function requestsOf({ type, inputs }: Resource): AwsRequest[] {
  if (!type.startsWith("aws:") || UNCHECKED.includes(type)) return [];
  const requests = REQUESTS[type];
  if (requests === undefined) throw new RequestsUnknown(type);
  return requests(inputs);
}

function call(service: string, operation: string, input: Inputs): AwsRequest {
  return { service, operation, input };
}

/** Names that people choose, and AWS takes as they are. */
const CHOSEN = ["variables", "dimensions"];

function capitalised(inputs: Inputs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      CHOSEN.includes(key) ? value : capitalisedWithin(value),
    ]),
  );
}

function capitalisedWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalisedWithin);
  return typeof value === "object" && value !== null ? capitalised(value as Inputs) : value;
}

function logGroup({ name, retentionInDays, ...rest }: Inputs): AwsRequest[] {
  return [
    call("logs", "CreateLogGroup", { logGroupName: name, ...rest }),
    call("logs", "PutRetentionPolicy", { logGroupName: name, retentionInDays }),
  ];
}

interface MetricQuery {
  readonly metric?: { readonly period: number; readonly stat: string } & Inputs;
}

function alarm({ name, metricQueries, okActions, ...rest }: Inputs): AwsRequest[] {
  const metrics = (metricQueries as readonly (MetricQuery & Inputs)[]).map(({ metric, ...query }) => {
    if (metric === undefined) return capitalised(query);
    const { period, stat, dimensions, ...address } = metric;
    const pairs = Object.entries(dimensions as Inputs).map(([Name, Value]) => ({ Name, Value }));
    return {
      ...capitalised(query),
      MetricStat: { Metric: { ...capitalised(address), Dimensions: pairs }, Period: period, Stat: stat },
    };
  });
  return [
    call("cloudwatch", "PutMetricAlarm", {
      AlarmName: name,
      Metrics: metrics,
      OKActions: okActions,
      ...capitalised(rest),
    }),
  ];
}

interface Attribute {
  readonly name: string;
  readonly type: string;
}

function table(inputs: Inputs): AwsRequest[] {
  const { name, attributes, hashKey, rangeKey, ttl, pointInTimeRecovery, serverSideEncryption, ...others } =
    inputs;
  const { globalSecondaryIndexes, localSecondaryIndexes, streamEnabled, ...rest } = others;
  const { enabled: isRestorable, ...period } = pointInTimeRecovery as Inputs;
  const indexes = [
    ["GlobalSecondaryIndexes", globalSecondaryIndexes],
    ["LocalSecondaryIndexes", localSecondaryIndexes],
  ].filter(([, list]) => Array.isArray(list) && list.length > 0);
  return [
    call("dynamodb", "CreateTable", {
      TableName: name,
      AttributeDefinitions: (attributes as readonly Attribute[]).map((one) => ({
        AttributeName: one.name,
        AttributeType: one.type,
      })),
      KeySchema: [
        { AttributeName: hashKey, KeyType: "HASH" },
        { AttributeName: rangeKey, KeyType: "RANGE" },
      ],
      SSESpecification: encryption(serverSideEncryption as Inputs),
      StreamSpecification: { StreamEnabled: streamEnabled },
      ...Object.fromEntries(indexes),
      ...capitalised(rest),
    }),
    call("dynamodb", "UpdateTimeToLive", {
      TableName: name,
      TimeToLiveSpecification: capitalised(ttl as Inputs),
    }),
    call("dynamodb", "UpdateContinuousBackups", {
      TableName: name,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: isRestorable,
        ...capitalised(period),
      },
    }),
  ];
}

function encryption({ enabled, kmsKeyArn, ...rest }: Inputs): Inputs {
  if (kmsKeyArn === undefined) return { Enabled: enabled, ...capitalised(rest) };
  return { Enabled: enabled, SSEType: "KMS", KMSMasterKeyId: kmsKeyArn, ...capitalised(rest) };
}

interface InlinePolicy {
  readonly name: string;
  readonly policy: string;
}

function role(inputs: Inputs): AwsRequest[] {
  const { name, assumeRolePolicy, inlinePolicies = [], managedPolicyArns: _none, ...rest } = inputs;
  const trust = typeof assumeRolePolicy === "string" ? assumeRolePolicy : JSON.stringify(assumeRolePolicy);
  return [
    call("iam", "CreateRole", { RoleName: name, AssumeRolePolicyDocument: trust, ...capitalised(rest) }),
    ...(inlinePolicies as readonly InlinePolicy[]).map(({ name: policyName, policy }) =>
      call("iam", "PutRolePolicy", {
        RoleName: name,
        PolicyName: policyName,
        PolicyDocument: policyDocumentOf(policy),
      }),
    ),
  ];
}

function lambdaFunction(inputs: Inputs): AwsRequest[] {
  const { name, reservedConcurrentExecutions, s3Bucket, s3Key, ...rest } = inputs;
  const reserved = { FunctionName: name, ReservedConcurrentExecutions: reservedConcurrentExecutions };
  return [
    call("lambda", "CreateFunction", {
      FunctionName: name,
      Code: { S3Bucket: s3Bucket, S3Key: s3Key },
      ...capitalised(rest),
    }),
    ...(reservedConcurrentExecutions === undefined
      ? []
      : [call("lambda", "PutFunctionConcurrency", reserved)]),
  ];
}

/** Where the provider's name for an attribute of a queue is not AWS's. */
const QUEUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  messageRetentionSeconds: "MessageRetentionPeriod",
  visibilityTimeoutSeconds: "VisibilityTimeout",
};

function queue({ name, tags, ...attributes }: Inputs): AwsRequest[] {
  const named = Object.entries(attributes).map(([key, value]) => [
    QUEUE_ATTRIBUTES[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
    String(value),
  ]);
  // A false one is left out: AWS takes FifoQueue only as true.
  const given = named.filter(([, value]) => value !== "false");
  return [call("sqs", "CreateQueue", { QueueName: name, Attributes: Object.fromEntries(given), tags })];
}
