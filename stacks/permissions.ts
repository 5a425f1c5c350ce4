import { EVENT_SOURCE } from "@sluice/core/deployment";
import { LANES } from "@sluice/core/provider";
import { settings } from "./deployment.ts";
import { sendingByKey } from "./encryption.ts";
import type { Permission } from "./function.ts";
import { arnOf } from "./place.ts";
import { deadLetterQueue, queues } from "./queues.ts";
import { table } from "./table.ts";
import { worker } from "./worker.ts";

/** Permissions that a batch needs, both when a mapping and when the waker brings it. */
export const batchPermissions: Permission[] = [
  {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    resources: [table.arn],
  },
  {
    actions: [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ],
    resources: LANES.map((lane) => queues[lane].arn),
  },
  { actions: ["sqs:SendMessage"], resources: [deadLetterQueue.arn] },
  { actions: ["lambda:InvokeFunction"], resources: [worker.arn] },
  {
    actions: ["events:PutEvents"],
    resources: [arnOf("events", `event-bus/${settings.bus}`)],
    conditions: [{ test: "StringEquals", variable: "events:source", values: [EVENT_SOURCE] }],
  },
  ...sendingByKey,
];

/** Permission to put a copy of a message in its place. */
export const renewing: Permission = {
  actions: ["sqs:SendMessage"],
  resources: LANES.map((lane) => queues[lane].arn),
};

/**
 * The permission to find mappings: listing knows no finer resource.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
const FINDING: Permission = { actions: ["lambda:ListEventSourceMappings"], resources: ["*"] };
const TURNING = ["lambda:UpdateEventSourceMapping"];

/** Permissions to find and turn these mappings, and no others. */
export function turning(mappings: readonly aws.lambda.EventSourceMapping[]): Permission[] {
  if (mappings.length === 0) return [FINDING];
  return [FINDING, { actions: TURNING, resources: mappings.map(({ arn }) => arn) }];
}

/**
 * Permissions to find and turn all mappings of a function, by its name: its own role is there before it has
 * any, and has to be right for one that replaces another.
 */
export function turningMappingsOf(functionName: string): Permission[] {
  const own = arnOf("lambda", `function:${functionName}`);
  return [
    FINDING,
    {
      actions: TURNING,
      resources: [arnOf("lambda", "event-source-mapping:*")],
      conditions: [{ test: "StringEquals", variable: "lambda:FunctionArn", values: [own] }],
    },
  ];
}
