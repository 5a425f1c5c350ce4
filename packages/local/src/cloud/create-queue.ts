import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueuePlan } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";

/** A queue that exists. */
export interface CreatedQueue {
  readonly url: string;
  readonly arn: string;
}

/** Creates a FIFO queue in high-throughput mode, as planned. Its dead-letter queue must exist already. */
export async function createQueue(
  client: SQSClient,
  plan: QueuePlan,
  deadLetterArn?: string,
): Promise<CreatedQueue> {
  const seconds = (durationMs: number) => String(durationMs / 1_000);
  const redrive =
    deadLetterArn === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: deadLetterArn,
            maxReceiveCount: plan.maxReceiveCount,
          }),
        };
  const { QueueUrl: url } = await client.send(
    new CreateQueueCommand({
      QueueName: plan.name,
      Attributes: {
        FifoQueue: "true",
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
        VisibilityTimeout: seconds(plan.visibilityTimeoutMs),
        MessageRetentionPeriod: seconds(plan.retentionMs),
        ...redrive,
      },
      tags: plan.tags,
    }),
  );
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  const arn = Attributes?.QueueArn;
  if (url === undefined || arn === undefined)
    throw new SluiceError("unreachable", `SQS did not create ${plan.name}`);
  return { url, arn };
}
