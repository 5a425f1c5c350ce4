import { plan } from "./deployment.ts";
import { expressQueue, recordsQueue } from "./queues.ts";

// The permissions that a service in another app needs to enqueue records: attach them to that service's role.
export const schedulerPolicy = new aws.iam.Policy("SchedulerPolicy", {
  name: plan.names.schedulerPolicy,
  description: `Enqueue records for ${plan.names.recordsQueue} and ${plan.names.expressQueue}`,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sqs:GetQueueUrl", "sqs:ListQueueTags", "sqs:SendMessage"],
        resources: [recordsQueue.arn, expressQueue.arn],
      },
    ],
  }).json,
});
