import * as z from "zod";

/** What the relay has to know of a batch: it hands the batch on as it came. */
export interface RelayedBatch {
  readonly messageIds: readonly string[];
  readonly queueArn: string;
}

const eventSchema = z.object({
  Records: z.array(z.object({ messageId: z.string().min(1), eventSourceARN: z.string().min(1) })).min(1),
});

/** Parses Lambda's SQS event; throws on anything else, so that the whole batch comes again. */
export function parseRelayedBatch(event: unknown): RelayedBatch {
  const { Records } = eventSchema.parse(event);
  const messageIds = Records.map(({ messageId }) => messageId);
  return { messageIds, queueArn: Records[0]?.eventSourceARN ?? "" };
}
