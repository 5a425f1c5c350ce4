import type { AwsRequest } from "../../aws-model/model-problems.ts";

type Check = (value: string) => boolean;

const between =
  (min: number, max: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value);

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const QUEUE_NAME = /^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/;
const QUEUE_ATTRIBUTES: Readonly<Record<string, Check>> = {
  ContentBasedDeduplication: oneOf("true", "false"),
  DeduplicationScope: oneOf("messageGroup", "queue"),
  DelaySeconds: between(0, 900),
  FifoQueue: oneOf("true"),
  FifoThroughputLimit: oneOf("perQueue", "perMessageGroupId"),
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  KmsMasterKeyId: isKeyArn,
  MessageRetentionPeriod: between(60, 1_209_600),
  Policy: isObject,
  RedrivePolicy: isRedrivePolicy,
  SqsManagedSseEnabled: oneOf("true", "false"),
  VisibilityTimeout: between(0, 43_200),
};
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MANAGED_POLICY_MAX_LENGTH = 6_144;
const INLINE_POLICIES_MAX_LENGTH = 10_240;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const TIMEOUT_MAX_SECONDS = 900;

/** What AWS has against a stage's requests that only the texts of its references say, and its models do not. */
export function textProblems(requests: readonly AwsRequest[]): string[] {
  return [...requests.flatMap(problemsOf), ...inlineProblems(requests)];
}

function problemsOf({ service, operation, input }: AwsRequest): string[] {
  const { QueueName, Attributes, PolicyDocument, Timeout } = input;
  const isTooLong = operation === "CreatePolicy" && String(PolicyDocument).length > MANAGED_POLICY_MAX_LENGTH;
  return [
    ...(QueueName === undefined || QUEUE_NAME.test(String(QueueName))
      ? []
      : [`${QueueName} is no name of a queue`]),
    ...(service !== "sqs" || Attributes === undefined
      ? []
      : attributeProblems(Attributes as Record<string, string>)),
    ...(Timeout !== undefined && Number(Timeout) > TIMEOUT_MAX_SECONDS
      ? [`a timeout of ${Timeout} s, and Lambda takes ${TIMEOUT_MAX_SECONDS}`]
      : []),
    ...(isTooLong ? [`a managed policy of ${String(PolicyDocument).length} characters`] : []),
  ];
}

function attributeProblems(attributes: Readonly<Record<string, string>>): string[] {
  const { DeduplicationScope, FifoThroughputLimit, KmsMasterKeyId, SqsManagedSseEnabled } = attributes;
  const isTwice = KmsMasterKeyId !== undefined && SqsManagedSseEnabled === "true";
  const isApart = FifoThroughputLimit === "perMessageGroupId" && DeduplicationScope !== "messageGroup";
  return [
    ...Object.entries(attributes)
      .filter(([name, value]) => QUEUE_ATTRIBUTES[name]?.(value) !== true)
      .map(([name, value]) => `${name}: ${value} is not what SQS takes`),
    ...(isApart ? ["FifoThroughputLimit: perMessageGroupId needs DeduplicationScope messageGroup"] : []),
    ...(isTwice ? ["KmsMasterKeyId: a queue has this or SqsManagedSseEnabled"] : []),
  ];
}

function inlineProblems(requests: readonly AwsRequest[]): string[] {
  const inline = requests.filter(({ operation }) => operation === "PutRolePolicy");
  const byRole = Map.groupBy(inline, ({ input }) => input.RoleName);
  return [...byRole].flatMap(([role, policies]) => {
    const length = policies.reduce((sum, { input }) => sum + String(input.PolicyDocument).length, 0);
    return length <= INLINE_POLICIES_MAX_LENGTH
      ? []
      : [`${role} has inline policies of ${length} characters`];
  });
}

function isRedrivePolicy(value: string): boolean {
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(value);
  return /^arn:[^:]+:sqs:/.test(deadLetterTargetArn) && between(1, 1_000)(String(maxReceiveCount));
}

function isKeyArn(value: string): boolean {
  return /^arn:[^:]+:kms:[^:]+:\d{12}:key\/[\w-]+$/.test(value);
}

function isObject(value: string): boolean {
  return typeof JSON.parse(value) === "object";
}
