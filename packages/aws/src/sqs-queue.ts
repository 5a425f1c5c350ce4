import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Queue, QueueEntry, ReceivedMessage, SendFailure } from "@sluice/core/ports";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/ventilator";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";

/** Longest that a message can be hidden in practice, in seconds: 12 h count from its receive, which has passed. */
const VISIBILITY_MAX_SECONDS = 43_100;

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
 * Queues are named by URL, but reached through the endpoint: an emulator may know itself by a host name that nobody
 * else resolves.
 */
export function createSqsClient(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, requestHandler: createAnswerHandler() });
}

/** {@link Queue} on SQS. */
export function createSqsQueue(client: SQSClient, queueUrl: string): Queue {
  return {
    async send(entries, signal) {
      const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(toSqs) });
      const options = signal === undefined ? {} : { abortSignal: signal };
      const { Failed = [] } = await reach(client.send(command, options));
      return Failed.map(({ Id, Code, Message, SenderFault }): SendFailure => {
        const reason = [Code, Message].filter((part) => part !== undefined).join(": ");
        return { index: Number(Id), reason, isFinal: SenderFault === true };
      });
    },

    async changeVisibility(changes) {
      // An entry fails only if its message is no longer hidden for us: then there is nothing left to change.
      await reach(
        client.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: changes.map(({ receiptHandle, delayMs }, index) => ({
              Id: String(index),
              ReceiptHandle: receiptHandle,
              VisibilityTimeout: Math.min(VISIBILITY_MAX_SECONDS, Math.max(0, Math.ceil(delayMs / 1_000))),
            })),
          }),
        ),
      );
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
      await reach(
        client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle })),
      );
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

function toSqs(entry: QueueEntry, index: number): SendMessageBatchRequestEntry {
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
