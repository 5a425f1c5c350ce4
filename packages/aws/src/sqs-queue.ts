import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
  type SQSClientConfig,
} from "@aws-sdk/client-sqs";
import type { Queue, QueueEntry, VisibilityChange } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";
import { reachSqs } from "./reach-sqs.ts";
import { entryId, failuresIn } from "./sqs-batch-answer.ts";
import { RECEIVE_WAIT_SECONDS, readAs, toReceived, VISIBILITY_MAX_SECONDS } from "./sqs-received.ts";

/** SQS tells counts as text; an empty one is none. */
const countSchema = z.string().regex(/^\d+$/).transform(Number);
const depthSchema = z.object({
  ApproximateNumberOfMessages: countSchema,
  ApproximateNumberOfMessagesNotVisible: countSchema,
});

/**
 * A client with the environment's region, credentials and endpoint, unless others are given; it repeats what fails or does
 * not answer for now. Queues are named by URL, but reached through the endpoint: the host name in an emulator's URLs may resolve
 * only where the emulator runs.
 */
export function createSqsClient(
  settings: Pick<SQSClientConfig, "region" | "credentials" | "endpoint"> = {},
): SQSClient {
  return new SQSClient({ ...settings, useQueueUrlAsEndpoint: false, requestHandler: createAnswerHandler() });
}

/** {@link Queue} on SQS. */
export function createSqsQueue(client: SQSClient, queueUrl: string): Queue {
  return {
    async send(entries, signal) {
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(toSendEntry) });
      const options = signal === undefined ? {} : { abortSignal: signal };
      return failuresIn(await reachSqs(client.send(command, options)), entries.length);
    },

    async changeVisibility(changes) {
      const Entries = changes.map(toVisibilityEntry);
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
      return failuresIn(await reachSqs(client.send(command)), changes.length);
    },

    async receiveOne() {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: RECEIVE_WAIT_SECONDS,
        // Emulators know one of the two names or the other.
        AttributeNames: ["All"],
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
        MessageAttributeNames: [DEAD_LETTER_ATTRIBUTE],
        // A repeated call, because the answer was lost, gets the same message instead of none.
        ReceiveRequestAttemptId: randomUUID(),
      });
      const { Messages: [message] = [] } = await reachSqs(client.send(command));
      return message && toReceived(message);
    },

    async delete(receiptHandle) {
      const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle });
      await reachSqs(client.send(command));
    },

    async depth() {
      const command = new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      });
      const { Attributes } = await reachSqs(client.send(command));
      const counts = readAs(depthSchema, Attributes);
      return {
        visibleCount: counts.ApproximateNumberOfMessages,
        inFlightCount: counts.ApproximateNumberOfMessagesNotVisible,
      };
    },
  };
}

function toSendEntry(entry: QueueEntry, index: number): SendMessageBatchRequestEntry {
  const attributes = Object.entries(entry.attributes ?? {}).map(([name, value]) => [
    name,
    { DataType: "String", StringValue: value },
  ]);
  return {
    Id: entryId(index),
    MessageBody: entry.body,
    MessageGroupId: entry.groupId,
    MessageDeduplicationId: entry.deduplicationId,
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

function toVisibilityEntry(
  { receiptHandle, delayMs }: VisibilityChange,
  index: number,
): ChangeMessageVisibilityBatchRequestEntry {
  const delaySeconds = Math.max(0, Math.ceil(delayMs / 1_000));
  return {
    Id: entryId(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: Math.min(VISIBILITY_MAX_SECONDS, delaySeconds),
  };
}
