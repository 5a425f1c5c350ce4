import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
  type SQSClientConfig,
} from "@aws-sdk/client-sqs";
import { VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import { Unreachable } from "@sluice/core/errors";
import type {
  BrowsableQueue,
  Queue,
  QueueEntry,
  ReceivedMessage,
  VisibilityChange,
  WholeMessage,
} from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";
import { reachSqs } from "./reach-sqs.ts";
import { entryId, failuresIn } from "./sqs-batch-answer.ts";

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

const wholeSchema = receivedSchema.extend({
  Attributes: z.object({
    ApproximateReceiveCount: z.coerce.number().int(),
    SentTimestamp: z.coerce.number(),
    MessageGroupId: z.string(),
  }),
  MessageAttributes: z.record(z.string(), z.object({ StringValue: z.string().optional() })).default({}),
});

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

/** {@link BrowsableQueue} on SQS. */
export function createSqsQueue(client: SQSClient, queueUrl: string): BrowsableQueue {
  return { ...flowing(client, queueUrl), ...browsing(client, queueUrl) };
}

function browsing(client: SQSClient, queueUrl: string): Pick<BrowsableQueue, "receive" | "deleteAll"> {
  return {
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

function flowing(client: SQSClient, queueUrl: string): Queue {
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
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
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

function toReceived(message: unknown): ReceivedMessage {
  const { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes } = readAs(receivedSchema, message);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    receiveCount: Attributes.ApproximateReceiveCount,
    isRedriven: DEAD_LETTER_ATTRIBUTE in MessageAttributes,
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

/**
 * A part of an answer in its shape.
 * @throws Unreachable if it has another one: it is no answer of SQS's then
 */
function readAs<T>(schema: z.ZodType<T>, part: unknown): T {
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  throw new Unreachable("SQS", `its answer can't be read: ${z.prettifyError(parsed.error)}`);
}
