import { randomUUID } from "node:crypto";
import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import type { Queue, QueueEntry, ReceivedMessage, SendFailure, VisibilityChange } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import { isTransientName, orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";

/** The longest time for which a received message can be hidden: SQS's 12 h count from its receive, which has passed. */
const VISIBILITY_MAX_SECONDS = VISIBILITY_TIMEOUT_MAX_MS / 1_000 - 100;

/**
 * Without any wait SQS asks only some of its servers and may miss the one message there is; a longer one comes close to
 * the time that the client gives an answer.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
const RECEIVE_WAIT_SECONDS = 1;

const receivedSchema = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  Attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int() }),
  MessageAttributes: z.record(z.string(), z.unknown()).default({}),
});

/**
 * A client with the environment's region, credentials and endpoint; it repeats what fails or does not answer for now.
 * Queues are named by URL, but reached through the endpoint: the host name in an emulator's URLs may resolve only where
 * the emulator runs.
 */
export function createSqsClient(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, requestHandler: createAnswerHandler() });
}

/** {@link Queue} on SQS. */
export function createSqsQueue(client: SQSClient, queueUrl: string): Queue {
  return {
    async send(entries, signal) {
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(toSendEntry) });
      const options = signal === undefined ? {} : { abortSignal: signal };
      const { Failed = [] } = await reach(client.send(command, options));
      return Failed.map(toFailure);
    },

    async changeVisibility(changes) {
      const Entries = changes.map(toVisibilityEntry);
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed = [] } = await reach(client.send(command));
      return Failed.map(toFailure);
    },

    async receiveOne() {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: RECEIVE_WAIT_SECONDS,
        // Emulators know one of the two names or the other.
        AttributeNames: ["All"],
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        MessageAttributeNames: [DEAD_LETTER_ATTRIBUTE],
        // A repeated call, because the answer was lost, gets the same message instead of none.
        ReceiveRequestAttemptId: randomUUID(),
      });
      const { Messages: [message] = [] } = await reach(client.send(command));
      return message && toReceived(message);
    },

    async delete(receiptHandle) {
      const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle });
      await reach(client.send(command));
    },

    async depth() {
      const command = new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      });
      const { Attributes } = await reach(client.send(command));
      return {
        visibleCount: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
        inFlightCount: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
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
    Id: String(index),
    MessageBody: entry.body,
    MessageGroupId: entry.groupId,
    MessageDeduplicationId: entry.deduplicationId,
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

/** The failure of the entry of a batch that is named by its index. */
function toFailure({ Id, Code, Message, SenderFault }: BatchResultErrorEntry): SendFailure {
  const reason = [Code, Message].filter((part) => part !== undefined).join(": ");
  // Throttling is the sender's fault to SQS, and passes.
  const isPassing = isTransientName(Code ?? "") ?? SenderFault !== true;
  return { index: Number(Id), reason, isFinal: !isPassing };
}

function toVisibilityEntry(
  { receiptHandle, delayMs }: VisibilityChange,
  index: number,
): ChangeMessageVisibilityBatchRequestEntry {
  const delaySeconds = Math.max(0, Math.ceil(delayMs / 1_000));
  return {
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: Math.min(VISIBILITY_MAX_SECONDS, delaySeconds),
  };
}

function toReceived(message: unknown): ReceivedMessage {
  const { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes } = receivedSchema.parse(message);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    receiveCount: Attributes.ApproximateReceiveCount,
    isRedriven: DEAD_LETTER_ATTRIBUTE in MessageAttributes,
  };
}

function reach<T>(call: Promise<T>): Promise<T> {
  return orUnreachable("SQS", call);
}
