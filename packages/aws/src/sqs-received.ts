import { VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import { Unreachable } from "@sluice/core/errors";
import type { ReceivedMessage } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import * as z from "zod";

/** The longest time for which a received message can be hidden: SQS's 12 h count from its receive, which has passed. */
export const VISIBILITY_MAX_SECONDS: number = VISIBILITY_TIMEOUT_MAX_MS / 1_000 - 100;

/**
 * Without any wait SQS asks only some of its servers and may miss the one message there is; a longer one comes close to
 * the time that the client gives an answer.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export const RECEIVE_WAIT_SECONDS = 1;

const receivedSchema = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  Attributes: z.object({
    ApproximateReceiveCount: z.coerce.number().int(),
    SentTimestamp: z.exactOptional(z.coerce.number()),
  }),
  MessageAttributes: z.record(z.string(), z.unknown()).default({}),
});

/** The message in SQS's answer. @throws Unreachable */
export function toReceived(message: unknown): ReceivedMessage {
  const { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes } = readAs(receivedSchema, message);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    receiveCount: Attributes.ApproximateReceiveCount,
    ...(Attributes.SentTimestamp !== undefined && { sentAtMs: Attributes.SentTimestamp }),
    isRedriven: DEAD_LETTER_ATTRIBUTE in MessageAttributes,
  };
}

/**
 * A part of an answer in its shape.
 * @throws Unreachable if it has another one: it is no answer of SQS's then
 */
export function readAs<T>(schema: z.ZodType<T>, part: unknown): T {
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  throw new Unreachable("SQS", `its answer can't be read: ${z.prettifyError(parsed.error)}`);
}
