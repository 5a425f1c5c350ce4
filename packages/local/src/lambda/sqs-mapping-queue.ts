import {
  type BatchResultErrorEntry,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  type SQSClient,
  type MessageAttributeValue as SqsAttribute,
} from "@aws-sdk/client-sqs";
import type { MappingQueue, MessageAttribute, QueuedMessage } from "@sluice/sim/event-source-mapping";

/** Long enough to spare an idle queue, short enough that a mapping stops soon. */
const WAIT_SECONDS = 1;

/** Messages of a batch that could not be deleted; the message has the queue's reasons. */
class DeletionFailed extends Error {
  constructor(reasons: readonly string[]) {
    super(`Messages could not be deleted: ${reasons.join("; ")}`);
    this.name = new.target.name;
  }
}

/**
 * Finds the SQS queue of an ARN; undefined if there is none. Its visibility timeout is read once, here.
 * @throws the SDK's error if SQS can't be reached
 */
export async function openSqsMappingQueue(
  client: SQSClient,
  queueArn: string,
): Promise<MappingQueue | undefined> {
  const queueName = queueArn.slice(queueArn.lastIndexOf(":") + 1);
  try {
    const { QueueUrl: queueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
    const { Attributes: attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["VisibilityTimeout"] }),
    );
    return sqsMappingQueue(client, queueUrl, Number(attributes?.VisibilityTimeout) * 1_000);
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

function sqsMappingQueue(client: SQSClient, queueUrl: string, visibilityTimeoutMs: number): MappingQueue {
  return {
    visibilityTimeoutMs,
    async receive(maxMessages) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: maxMessages,
          WaitTimeSeconds: WAIT_SECONDS,
          // The newer name, MessageSystemAttributeNames, is unknown to some emulators.
          AttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
      );
      return messages.map(toQueuedMessage);
    },
    async deleteMessages(receiptHandles) {
      const { Failed: failed = [] } = await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
        }),
      );
      const [late, others] = [failed.filter(isTooLate), failed.filter((entry) => !isTooLate(entry))];
      if (others.length > 0)
        throw new DeletionFailed(others.map((entry) => entry.Message ?? "no reason given"));
      return late.flatMap(({ Id }) => receiptHandles[Number(Id)] ?? []);
    },
  };
}

/** Tells the refusal of a handle whose message was visible again before the deletion came. */
function isTooLate({ Code }: BatchResultErrorEntry): boolean {
  return Code === "InvalidParameterValue";
}

function toQueuedMessage(message: Message): QueuedMessage {
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    md5OfBody: message.MD5OfBody ?? "",
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
    ),
  };
}

function toAttribute(value: SqsAttribute): MessageAttribute {
  return {
    dataType: value.DataType ?? "String",
    ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
    ...(value.BinaryValue !== undefined && {
      binaryValue: Buffer.from(value.BinaryValue).toString("base64"),
    }),
  };
}
