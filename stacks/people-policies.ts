import { fleetNamesOf, LANES, namesOf } from "@sluice/core/provider";
import { operatorRowsOf, type RowAccess } from "@sluice/core/storage";
import { readingByKey, sendingByKey } from "./encryption.ts";
import { arnOf, roleArnOf, stage } from "./place.ts";

const { environment } = stage;
const names = fleetNamesOf(environment);
/** Whatever is deployed to the environment, now or later: an environment's name has no dash, and each is followed by one. */
const every = namesOf(environment, "*");
const table = arnOf("dynamodb", `table/${every.table}`);
const lanes = LANES.map((lane) => arnOf("sqs", every.queues[lane]));
const deadLetters = arnOf("sqs", every.deadLetterQueue);

type Statement = aws.types.input.iam.GetPolicyDocumentStatementArgs;

const functionNamed = (name: string) => arnOf("lambda", `function:${name}`);
const { topicArn, wake } = stage.settings.alarms;
/** The topics of alarms: the environment's, or each stage's own. */
const topics = [topicArn ?? arnOf("sns", `${every.table}-alarms`), ...(wake ? [wake.topicArn] : [])];

/**
 * Examining what is deployed. Of these calls AWS knows no finer resource, or none for a call that lists:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
const examining: Statement[] = [
  {
    actions: [
      "cloudwatch:GetMetricStatistics",
      "lambda:GetAccountSettings",
      "lambda:ListEventSourceMappings",
    ],
    resources: ["*"],
  },
  { actions: ["cloudwatch:DescribeAlarms"], resources: [arnOf("cloudwatch", "alarm:*")] },
  {
    actions: ["cloudwatch:DescribeAlarmHistory"],
    resources: [arnOf("cloudwatch", `alarm:${every.table}-*`)],
  },
  {
    // Their variables have no secret: those are the worker's alone.
    actions: ["lambda:GetFunctionConfiguration"],
    resources: [functionNamed(every.ventilator), functionNamed(every.waker)],
  },
  { actions: ["lambda:GetFunctionConcurrency"], resources: [functionNamed(every.worker)] },
  {
    actions: ["iam:SimulatePrincipalPolicy"],
    resources: [roleArnOf(every.ventilator), roleArnOf(every.waker)],
  },
  { actions: ["sns:ListSubscriptionsByTopic"], resources: topics },
];

/**
 * Looking: all rows by their keys, what waits in queues, and dead letters, which are received and shown again. Nothing is
 * changed by it; for the time of a look nobody else sees the letters.
 */
const looking: Statement[] = [
  ...examining,
  { actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: [table] },
  {
    actions: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
    resources: [...lanes, deadLetters],
  },
  { actions: ["sqs:ChangeMessageVisibility", "sqs:ReceiveMessage"], resources: [deadLetters] },
];

const rows = operatorRowsOf("*");
/** Steering: orders, runs, dead letters, and a round of the waker. */
const steering: Statement[] = [
  ...rows.updated.map((access) => writing("dynamodb:UpdateItem", access)),
  ...rows.put.map((access) => writing("dynamodb:PutItem", access)),
  { actions: ["sqs:SendMessage"], resources: lanes },
  { actions: ["sqs:DeleteMessage"], resources: [deadLetters] },
  { actions: ["lambda:InvokeFunction"], resources: [functionNamed(every.waker)] },
];

/** The policy for people who only look. */
export const viewerPolicy = policy("ViewerPolicy", names.viewerPolicy, "Look at all providers", [
  ...looking,
  ...readingByKey,
]);
/** The policy for people who steer: it holds the viewer's. */
export const operatorPolicy = policy(
  "OperatorPolicy",
  names.operatorPolicy,
  "Look at all providers, and steer them",
  [...looking, ...steering, ...sendingByKey],
);

function policy(name: string, policyName: string, what: string, statements: Statement[]): aws.iam.Policy {
  return new aws.iam.Policy(name, {
    name: policyName,
    description: `${what} of ${environment}`,
    policy: aws.iam.getPolicyDocumentOutput({ statements }).json,
  });
}

function writing(action: string, { partitions, except, attributes }: RowAccess): Statement {
  return {
    actions: [action],
    resources: [table],
    conditions: [
      { test: "ForAllValues:StringLike", variable: "dynamodb:LeadingKeys", values: [...partitions] },
      { test: "ForAllValues:StringNotLike", variable: "dynamodb:LeadingKeys", values: [...except] },
      ...(attributes === undefined
        ? []
        : [{ test: "ForAllValues:StringEquals", variable: "dynamodb:Attributes", values: [...attributes] }]),
    ],
  };
}
