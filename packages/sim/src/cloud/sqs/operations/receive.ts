import { BATCH_SIZE_MAX, VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import * as z from "zod";
import type { MessageAttribute } from "../../../event-source-mapping/mapping-queue.ts";
import type { FifoMessage } from "../../../fifo-queue/fifo-message.ts";
import { LONG_POLL_MS } from "../../../fifo-queue/long-poll.ts";
import { systemAttributesOf } from "../../../fifo-queue/queued-message.ts";
import { md5OfAttributes, md5OfBody } from "../md5.ts";
import { type Operation, operation, type SqsAnswer, toQueueSchema } from "../operation.ts";

const receiveSchema = toQueueSchema.extend({
  MaxNumberOfMessages: z.number().int().min(1).max(BATCH_SIZE_MAX).default(1),
  WaitTimeSeconds: z
    .number()
    .int()
    .min(0)
    .max(LONG_POLL_MS / 1_000)
    .optional(),
  VisibilityTimeout: z
    .number()
    .int()
    .min(0)
    .max(VISIBILITY_TIMEOUT_MAX_MS / 1_000)
    .optional(),
  /** The older name of the system attributes. */
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
  ReceiveRequestAttemptId: z.string().min(1).max(128).optional(),
});

/** Receives messages, and waits for them as long as it is asked to. */
export const receiveMessage: Operation = operation(receiveSchema, async (input, { queues, signal }) => {
  const queue = queues.at(input.QueueUrl);
  const waitSeconds = input.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
  const messages = await queue.receive(
    input.MaxNumberOfMessages,
    {
      waitMs: 1_000 * waitSeconds,
      ...(input.VisibilityTimeout !== undefined && { visibilityTimeoutMs: 1_000 * input.VisibilityTimeout }),
      ...(signal && { signal }),
    },
    input.ReceiveRequestAttemptId,
  );
  if (messages.length === 0) return {};
  const isSystemWanted = wantedBy([...input.AttributeNames, ...input.MessageSystemAttributeNames]);
  const isWanted = wantedBy(input.MessageAttributeNames);
  return { Messages: messages.map((message) => toMessage(message, isSystemWanted, isWanted)) };
});

type Wanted = (name: string) => boolean;

/** Tells the attributes that were asked for: by name, all, or all that begin with a text. */
function wantedBy(names: readonly string[]): Wanted {
  const prefixes = names.filter((name) => name.endsWith(".*")).map((name) => name.slice(0, -1));
  const isAll = names.includes("All") || names.includes(".*");
  return (name) => isAll || names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function toMessage(message: FifoMessage, isSystemWanted: Wanted, isWanted: Wanted): SqsAnswer {
  const system = only(systemAttributesOf(message), isSystemWanted);
  const attributes = only(message.attributes ?? {}, isWanted);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5OfBody(message.body),
    ...(system && { Attributes: system }),
    ...(attributes && {
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, attribute]) => [name, toValue(attribute)]),
      ),
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** The wanted ones of some attributes; undefined if that is none. */
function only<T>(
  attributes: Readonly<Record<string, T>>,
  isWanted: Wanted,
): Readonly<Record<string, T>> | undefined {
  const wanted = Object.entries(attributes).filter(([name]) => isWanted(name));
  return wanted.length === 0 ? undefined : Object.fromEntries(wanted);
}

function toValue({ dataType, stringValue, binaryValue }: MessageAttribute): SqsAnswer {
  return stringValue === undefined
    ? { DataType: dataType, BinaryValue: Buffer.from(binaryValue ?? "", "base64") }
    : { DataType: dataType, StringValue: stringValue };
}
