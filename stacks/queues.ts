import type { QueuePlan } from "@sluice/core/deployment";
import { isProduction, plan } from "./deployment.ts";

const [deadLetterPlan, recordsPlan, expressPlan] = plan.queues;

// Messages of records that can't be fetched, each with its cause.
export const deadLetterQueue = queue("DeadLetterQueue", deadLetterPlan);
// The bulk that a scheduler enqueues.
export const recordsQueue = queue("RecordsQueue", recordsPlan, deadLetterQueue);
// Records that a user waits for.
export const expressQueue = queue("ExpressQueue", expressPlan, deadLetterQueue);

/** A FIFO queue in high-throughput mode, encrypted, reached by TLS only, and kept when production is removed. */
function queue(name: string, plan: QueuePlan, deadLetters?: sst.aws.Queue): sst.aws.Queue {
  const created = new sst.aws.Queue(name, {
    fifo: true,
    visibilityTimeout: `${plan.visibilityTimeoutMs / 1_000} seconds`,
    ...(deadLetters && { dlq: { queue: deadLetters.arn, retry: plan.maxReceiveCount ?? 0 } }),
    transform: {
      queue: (args, options) => {
        args.name = plan.name;
        args.deduplicationScope = "messageGroup";
        args.fifoThroughputLimit = "perMessageGroupId";
        args.messageRetentionSeconds = plan.retentionMs / 1_000;
        args.sqsManagedSseEnabled = true;
        args.tags = plan.tags ?? {};
        options.retainOnDelete = isProduction;
      },
    },
  });
  new aws.sqs.QueuePolicy(
    `${name}Policy`,
    {
      queueUrl: created.url,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            effect: "Deny",
            principals: [{ type: "*", identifiers: ["*"] }],
            actions: ["sqs:*"],
            resources: [created.arn],
            conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
        ],
      }).json,
    },
    { retainOnDelete: isProduction },
  );
  return created;
}
