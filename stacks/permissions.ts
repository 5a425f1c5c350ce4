import { arnOf, type Permission } from "./function.ts";
import { deadLetterQueue, expressQueue, recordsQueue } from "./queues.ts";
import { table } from "./table.ts";
import { worker } from "./worker.ts";

/** What a batch needs, whether a mapping or the waker brings it. */
export const batchPermissions: Permission[] = [
  { actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], resources: [table.arn] },
  {
    actions: [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ],
    resources: [recordsQueue.arn, expressQueue.arn],
  },
  { actions: ["sqs:SendMessage"], resources: [deadLetterQueue.arn] },
  { actions: ["lambda:InvokeFunction"], resources: [worker.arn] },
];

/**
 * To find and turn the mappings of a function, and no others: who may do so is known by the function's name before there
 * is a mapping, and still holds for one that replaces it. Listing knows no finer resource.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
export function turningMappingsOf(functionName: string): Permission[] {
  return [
    {
      actions: ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"],
      resources: [arnOf("lambda", "event-source-mapping:*")],
      conditions: [
        {
          test: "StringEquals",
          variable: "lambda:FunctionArn",
          values: [arnOf("lambda", `function:${functionName}`)],
        },
      ],
    },
    { actions: ["lambda:ListEventSourceMappings"], resources: ["*"] },
  ];
}
