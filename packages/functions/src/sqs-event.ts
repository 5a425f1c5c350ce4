import type { ReceivedMessage } from "@sluice/core/ports";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import * as z from "zod";

/** A batch as an event source mapping hands it over: messages of one queue. */
export interface SqsBatch {
  readonly queueName: string;
  readonly messages: readonly ReceivedMessage[];
}

const recordSchema = z.object({
  messageId: z.string().min(1),
  receiptHandle: z.string().min(1),
  body: z.string(),
  attributes: z.object({
    ApproximateReceiveCount: z.coerce.number().int().min(1),
    SentTimestamp: z.exactOptional(z.coerce.number()),
  }),
  messageAttributes: z.record(z.string(), z.unknown()).default({}),
  eventSourceARN: z.string().min(1),
});

const eventSchema = z.object({ Records: z.array(recordSchema).min(1) });

/** Parses Lambda's SQS event. @throws ZodError https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function parseSqsEvent(event: unknown): SqsBatch {
  const { Records } = eventSchema.parse(event);
  const queueArn = Records[0]?.eventSourceARN ?? "";
  const messages = Records.map(({ messageId, receiptHandle, body, attributes, messageAttributes }) => ({
    messageId,
    receiptHandle,
    body,
    receiveCount: attributes.ApproximateReceiveCount,
    ...(attributes.SentTimestamp === undefined ? {} : { sentAtMs: attributes.SentTimestamp }),
    isRedriven: DEAD_LETTER_ATTRIBUTE in messageAttributes,
  }));
  return { queueName: queueArn.slice(queueArn.lastIndexOf(":") + 1), messages };
}
