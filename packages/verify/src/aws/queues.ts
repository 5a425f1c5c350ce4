import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import type { Clock } from "@sluice/core/ports";
import { CallFailed, calling } from "../call-failed.ts";
import type { MadeQueue, OutgoingMessage, QueueSpec, Queues, ReceivedMessage } from "../ports/queues.ts";
import { tryUntil } from "../try-until.ts";
import { QUEUE_GONE } from "./queue-gone.ts";
import { type Marks, tagsOf } from "./tagged.ts";

/** Short, so that what a killed run leaves behind does not last. */
const RETENTION_SECONDS = 3_600;
/** A queue may be unknown for a second after its creation. */
const KNOWN_WITHIN_MS = 30_000;
/** As Sluice's own queues. */
const HIGH_THROUGHPUT = {
  FifoQueue: "true",
  DeduplicationScope: "messageGroup",
  FifoThroughputLimit: "perMessageGroupId",
};

/** {@link Queues} of SQS. */
export function createQueues(client: SQSClient, clock: Clock, marks: Marks): Queues {
  return {
    create: (spec) => create(client, clock, spec, marks),
    send: (queue, messages) => send(client, queue, messages),
    async receive({ url }, { max, visibilitySeconds, waitSeconds }) {
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: max,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        MessageAttributeNames: ["All"],
        ...(visibilitySeconds !== undefined && { VisibilityTimeout: visibilitySeconds }),
        ...(waitSeconds !== undefined && { WaitTimeSeconds: waitSeconds }),
      });
      const { Messages = [] } = await calling("sqs:ReceiveMessage", client.send(command));
      return Messages.map(toReceived);
    },
    async delete({ url }, handle) {
      const command = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle });
      await calling("sqs:DeleteMessage", client.send(command));
    },
    async hide({ url }, handle, seconds) {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      });
      await calling("sqs:ChangeMessageVisibility", client.send(command));
    },
    counts: ({ url }) => counts(client, url),
    async redrive(deadLetters, into) {
      const command = new StartMessageMoveTaskCommand({
        SourceArn: deadLetters.arn,
        DestinationArn: into.arn,
      });
      await calling("sqs:StartMessageMoveTask", client.send(command));
    },
  };
}

async function create(client: SQSClient, clock: Clock, spec: QueueSpec, marks: Marks): Promise<MadeQueue> {
  const { name, isFifo, visibilitySeconds, deadLetters } = spec;
  const policy = deadLetters && {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetters.queueArn,
      maxReceiveCount: deadLetters.maxReceiveCount,
    }),
  };
  const command = new CreateQueueCommand({
    QueueName: name,
    Attributes: {
      ...(isFifo && HIGH_THROUGHPUT),
      VisibilityTimeout: String(visibilitySeconds),
      MessageRetentionPeriod: String(RETENTION_SECONDS),
      ...policy,
    },
    tags: tagsOf(marks),
  });
  const { QueueUrl: url = "" } = await calling("sqs:CreateQueue", client.send(command));
  const read = () =>
    client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  const { Attributes } = await calling(
    "sqs:GetQueueAttributes",
    tryUntil(clock, KNOWN_WITHIN_MS, read, ({ name }) => QUEUE_GONE.includes(name)),
  );
  return { url, arn: Attributes?.QueueArn ?? "" };
}

async function send(
  client: SQSClient,
  { url }: MadeQueue,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: messages.map(toEntry) });
  const { Failed: [failed] = [] } = await calling("sqs:SendMessage", client.send(command));
  if (failed === undefined) return;
  const error = Object.assign(new Error(failed.Message ?? ""), { name: failed.Code ?? "Error" });
  throw new CallFailed("sqs:SendMessage", error);
}

function toEntry(message: OutgoingMessage, at: number): SendMessageBatchRequestEntry {
  const { body, groupId, deduplicationId, attributes = {} } = message;
  const values = Object.entries(attributes).map(
    ([name, value]) => [name, { DataType: "String", StringValue: value }] as const,
  );
  return {
    Id: String(at),
    MessageBody: body,
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(values.length > 0 && { MessageAttributes: Object.fromEntries(values) }),
  };
}

function toReceived(message: Message): ReceivedMessage {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId ?? "",
    handle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount),
    attributes: Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue ?? ""])),
  };
}

async function counts(client: SQSClient, url: string) {
  const command = new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  });
  const { Attributes } = await calling("sqs:GetQueueAttributes", client.send(command));
  return {
    waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
