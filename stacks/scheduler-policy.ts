import { LANES } from "@sluice/core/provider";
import { historyPartitionsOf, runPartitionsOf } from "@sluice/core/storage";
import { plan, provider } from "./deployment.ts";
import { sendingByKey } from "./encryption.ts";
import { queues } from "./queues.ts";
import { table } from "./table.ts";

/** The policy for a service in another app that enqueues records: attach it to that service's role. */
export const schedulerPolicy = new aws.iam.Policy("SchedulerPolicy", {
  name: plan.names.schedulerPolicy,
  description: `Enqueue records for ${LANES.map((lane) => plan.names.queues[lane]).join(" and ")}`,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        // An installed scheduler may be of an earlier version, which reads the queues' tags.
        actions: ["sqs:GetQueueUrl", "sqs:ListQueueTags", "sqs:SendMessage"],
        resources: LANES.map((lane) => queues[lane].arn),
      },
      {
        // Its own runs, and the lists of them: no row of a record, a permit or an order.
        actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
        resources: [table.arn],
        conditions: [
          {
            test: "ForAllValues:StringLike",
            variable: "dynamodb:LeadingKeys",
            values: [...runPartitionsOf(provider.id)],
          },
        ],
      },
      {
        // What the waker tells of the provider: without it the end of a run can't be foretold.
        actions: ["dynamodb:GetItem", "dynamodb:Query"],
        resources: [table.arn],
        conditions: [
          {
            test: "ForAllValues:StringLike",
            variable: "dynamodb:LeadingKeys",
            values: [...historyPartitionsOf(provider.id)],
          },
        ],
      },
      ...sendingByKey,
    ],
  }).json,
});
