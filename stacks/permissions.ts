import { LANES } from "@sluice/core/provider";
import { arnOf, type Permission } from "./function.ts";
import { deadLetterQueue, queues } from "./queues.ts";
import { table } from "./table.ts";
import { worker } from "./worker.ts";

/** The permissions to work through a batch, whether a mapping or the waker brings it. */
export const batchPermissions: Permission[] = [
  { actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], resources: [table.arn] },
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
];

/** Leave to list mappings; AWS knows no finer resource. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
const FINDING: Permission = { actions: ["lambda:ListEventSourceMappings"], resources: ["*"] };
const TURNING = ["lambda:UpdateEventSourceMapping"];

/** The permissions to find mappings, and to turn these and no others. */
export function turning(mappings: readonly aws.lambda.EventSourceMapping[]): Permission[] {
  if (mappings.length === 0) return [FINDING];
  return [FINDING, { actions: TURNING, resources: mappings.map(({ arn }) => arn) }];
}

/**
 * The permissions to find mappings, and to turn those of one function, by its name: the function's role exists before
 * its mappings, and has to be right for a mapping that replaces another.
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
