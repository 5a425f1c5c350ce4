import type { SentRequest } from "@sluice/testing/record-requests";
import type { CallContext } from "./resources.ts";

/** A call as IAM judges it. */
export interface IamCall {
  readonly action: string;
  readonly resource: string;
  readonly context: CallContext;
}

/** STS answers everybody: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const NEEDS_NOTHING = ["STS.GetCallerIdentity"];

/** Calls to Lambda for which IAM knows no finer resource than all. */
const OF_NO_FUNCTION = ["GetAccountSettings", "ListEventSourceMappings"];

const DYNAMODB_ACTIONS: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Query: "Query",
};

/** The call that a request is, by the account and region of the stages that tests run; undefined if anybody may make it. */
export function iamCallOf({ service, operation, input }: SentRequest): IamCall | undefined {
  if (NEEDS_NOTHING.includes(`${service}.${operation}`)) return undefined;
  switch (service) {
    case "SQS": {
      const queue = String(input.QueueName ?? String(input.QueueUrl).split("/").at(-1));
      return { action: `sqs:${operation.replace(/Batch$/, "")}`, resource: arn("sqs", queue), context: {} };
    }
    case "Lambda":
      return {
        action: operation === "Invoke" ? "lambda:InvokeFunction" : `lambda:${operation}`,
        resource: OF_NO_FUNCTION.includes(operation) ? "*" : arn("lambda", `function:${input.FunctionName}`),
        context: {},
      };
    case "CloudWatch":
      return {
        action: `cloudwatch:${operation}`,
        resource: alarmsOf(operation, input),
        context: {},
      };
    case "IAM":
      return { action: `iam:${operation}`, resource: String(input.PolicySourceArn), context: {} };
    case "SNS":
      return { action: `sns:${operation}`, resource: String(input.TopicArn), context: {} };
    case "DynamoDB": {
      const action = DYNAMODB_ACTIONS[operation];
      if (action === undefined) break;
      return {
        action: `dynamodb:${action}`,
        resource: arn("dynamodb", `table/${input.TableName}`),
        context: { "dynamodb:LeadingKeys": [partitionOf(input)], "dynamodb:Attributes": attributesOf(input) },
      };
    }
  }
  throw new Error(`It is not known what IAM calls ${service} ${operation}`);
}

/** The resource of a call to CloudWatch: an alarm, all of them, or everything. */
function alarmsOf(operation: string, { AlarmName }: SentRequest["input"]): string {
  if (operation === "DescribeAlarmHistory") return arn("cloudwatch", `alarm:${AlarmName}`);
  return operation === "DescribeAlarms" ? arn("cloudwatch", "alarm:*") : "*";
}

/**
 * The calls of a key that AWS makes in the caller's name for a call of what the key encrypts.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function keyCallsOf({ action }: IamCall, key: string): readonly IamCall[] {
  const [service = ""] = action.split(":");
  const through = { "kms:ViaService": `${service}.us-east-1.amazonaws.com` };
  const calls = (...actions: string[]) =>
    actions.map((each) => ({ action: `kms:${each}`, resource: key, context: through }));
  if (action === "sqs:SendMessage") return calls("GenerateDataKey", "Decrypt");
  return action === "sqs:ReceiveMessage" || service === "dynamodb" ? calls("Decrypt") : [];
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:us-east-1:123456789012:${resource}`;
}

type Input = SentRequest["input"];

function partitionOf({ Key, Item, ExpressionAttributeValues }: Input): string {
  const [row] = [Key, Item].filter((each) => each !== undefined) as { readonly pk: string }[];
  const partition = row?.pk ?? (ExpressionAttributeValues as Record<string, unknown> | undefined)?.[":pk"];
  if (typeof partition !== "string") throw new Error("A request to the table names no partition");
  return partition;
}

/**
 * The attributes at the top of a row that a request names: in its key, its item and its expressions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function attributesOf(input: Input): readonly string[] {
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const expressions = Object.entries(input).flatMap(([name, value]) =>
    name.endsWith("Expression") ? [String(value)] : [],
  );
  const inExpressions = expressions.flatMap((text) =>
    [...text.matchAll(/(?<![\w.#:])#\w+/g)].map(([placeholder]) => names[placeholder] ?? placeholder),
  );
  const inRows = [input.Key, input.Item].flatMap((row) => Object.keys(row ?? {}));
  return [...new Set([...inRows, ...inExpressions])];
}
