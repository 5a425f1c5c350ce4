import { randomUUID } from "node:crypto";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { BrowsableQueue, WholeMessage } from "@sluice/core/ports";
import * as z from "zod";
import { reachSqs } from "./reach-sqs.ts";
import { entryId, failuresIn } from "./sqs-batch-answer.ts";
import { createSqsQueue } from "./sqs-queue.ts";
import { RECEIVE_WAIT_SECONDS, readAs, toReceived, VISIBILITY_MAX_SECONDS } from "./sqs-received.ts";

const wholeSchema = z.object({
  Attributes: z.object({
    SentTimestamp: z.coerce.number(),
    MessageGroupId: z.string(),
  }),
  MessageAttributes: z.record(z.string(), z.object({ StringValue: z.string().optional() })).default({}),
});

/** {@link BrowsableQueue} on SQS: for operators, and apart from what functions load. */
export function createBrowsableSqsQueue(client: SQSClient, queueUrl: string): BrowsableQueue {
  return {
    ...createSqsQueue(client, queueUrl),

    async receive({ maxCount, hiddenForMs }) {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: maxCount,
        WaitTimeSeconds: RECEIVE_WAIT_SECONDS,
        VisibilityTimeout: Math.min(VISIBILITY_MAX_SECONDS, Math.ceil(hiddenForMs / 1_000)),
        AttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
        ReceiveRequestAttemptId: randomUUID(),
      });
      const { Messages = [] } = await reachSqs(client.send(command));
      return Messages.map(toWhole);
    },

    async deleteAll(receiptHandles) {
      const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: entryId(index), ReceiptHandle }));
      const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
      return failuresIn(await reachSqs(client.send(command)), receiptHandles.length);
    },
  };
}

function toWhole(message: unknown): WholeMessage {
  const { Attributes, MessageAttributes } = readAs(wholeSchema, message);
  const texts = Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
    StringValue === undefined ? [] : [[name, StringValue] as const],
  );
  return {
    ...toReceived(message),
    groupId: Attributes.MessageGroupId,
    sentAtMs: Attributes.SentTimestamp,
    attributes: Object.fromEntries(texts),
  };
}
