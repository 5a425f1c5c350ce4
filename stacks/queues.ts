import type { QueuePlan } from "@sluice/core/deployment";
import { byLane, type Lane } from "@sluice/core/provider";
import { plan, settings } from "./deployment.ts";
import { DATA_KEY_REUSE_SECONDS, kmsKeyArn } from "./encryption.ts";

/** The queue of records that can't be fetched, each with its cause. */
export const deadLetterQueue = queue("DeadLetterQueue", plan.deadLetterQueue);
/** The queue of each lane's records. */
export const queues = byLane((lane) => queue(`${titled(lane)}Queue`, plan.queues[lane], deadLetterQueue));

/** The name of a lane in the name of a resource. */
export function titled(lane: Lane): string {
  return `${lane.charAt(0).toUpperCase()}${lane.slice(1)}`;
}

/** A FIFO queue in high-throughput mode, encrypted, by TLS only, and kept when production is removed. */
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
        if (kmsKeyArn === undefined) args.sqsManagedSseEnabled = true;
        else {
          args.kmsMasterKeyId = kmsKeyArn;
          args.kmsDataKeyReusePeriodSeconds = DATA_KEY_REUSE_SECONDS;
        }
        args.tags = plan.tags ?? {};
        options.retainOnDelete = settings.retention.isKept;
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
    { retainOnDelete: settings.retention.isKept },
  );
  return created;
}
