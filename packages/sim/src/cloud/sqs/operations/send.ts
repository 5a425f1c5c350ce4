import * as z from "zod";
import type { MessageAttribute } from "../../../event-source-mapping/mapping-queue.ts";
import { sequenceNumberOf } from "../../../fifo-queue/queued-message.ts";
import { batchOperation } from "../batch.ts";
import { md5OfAttributes, md5OfBody } from "../md5.ts";
import { type Operation, operation, type SqsAnswer, toQueueSchema } from "../operation.ts";
import { invalidParameter, SqsError } from "../sqs-error.ts";
import type { VirtualQueue } from "../virtual-queue.ts";

/**
 * Most bytes of a message, and of a batch.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const MESSAGE_MAX_BYTES = 1_048_576;

/** The characters of message group and deduplication ids, from the API's reference. */
const NAME = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** Characters that XML 1.0 has no place for: https://www.w3.org/TR/REC-xml/#charsets */
const REFUSED_CHARACTERS = /(?![\t\n\r\u007F-\u009F])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/u;

const attributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  // Bytes from the SDK's own commands, base64 in the JSON of a request.
  BinaryValue: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
});

const entrySchema = z.object({
  MessageBody: z.string().min(1),
  MessageGroupId: z.string(),
  MessageDeduplicationId: z.string(),
  MessageAttributes: z.record(z.string(), attributeSchema).optional(),
});

/** Sends up to ten messages. A repeated deduplication id is accepted, and is the first message that had it. */
export const sendMessageBatch: Operation = batchOperation(entrySchema, send, (entries) => {
  const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody)), 0);
  if (bytes > MESSAGE_MAX_BYTES)
    throw new SqsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${MESSAGE_MAX_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
});

/** Sends one message. */
export const sendMessage: Operation = operation(
  toQueueSchema.extend(entrySchema.shape),
  ({ QueueUrl, ...entry }, { queues }) => {
    const queue = queues.at(QueueUrl);
    const answer = send(queue, entry);
    queue.serve();
    return answer;
  },
);

function send(queue: VirtualQueue, entry: z.infer<typeof entrySchema>): SqsAnswer {
  refuseInvalid(entry);
  const attributes = entry.MessageAttributes && toAttributes(entry.MessageAttributes);
  const { messageId, sequence } = queue.contents.send({
    groupId: entry.MessageGroupId,
    deduplicationId: entry.MessageDeduplicationId,
    body: entry.MessageBody,
    ...(attributes && { attributes }),
  });
  return {
    MessageId: messageId,
    // Of a repeated message AWS does not say which digest it answers; the SDK checks that of what was sent.
    MD5OfMessageBody: md5OfBody(entry.MessageBody),
    ...(attributes && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    SequenceNumber: sequenceNumberOf(sequence),
  };
}

function refuseInvalid(entry: z.infer<typeof entrySchema>): void {
  for (const parameter of ["MessageGroupId", "MessageDeduplicationId"] as const) {
    if (NAME.test(entry[parameter])) continue;
    throw invalidParameter(
      parameter,
      entry[parameter],
      `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
    );
  }
  if (Buffer.byteLength(entry.MessageBody) > MESSAGE_MAX_BYTES)
    throw new SqsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${MESSAGE_MAX_BYTES} bytes.`,
    );
  if (REFUSED_CHARACTERS.test(entry.MessageBody))
    throw new SqsError("InvalidMessageContents", "Invalid characters were found in the message body.");
}

function toAttributes(
  attributes: Readonly<Record<string, z.infer<typeof attributeSchema>>>,
): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toAttribute(value)]));
}

function toAttribute({
  DataType,
  StringValue,
  BinaryValue,
}: z.infer<typeof attributeSchema>): MessageAttribute {
  if (StringValue !== undefined) return { dataType: DataType, stringValue: StringValue };
  const binaryValue =
    typeof BinaryValue === "string" ? BinaryValue : Buffer.from(BinaryValue ?? []).toString("base64");
  return { dataType: DataType, binaryValue };
}
