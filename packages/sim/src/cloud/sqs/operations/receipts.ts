import { VISIBILITY_TIMEOUT_MAX_MS } from "@sluice/core/aws-bounds";
import * as z from "zod";
import { batchOperation } from "../batch.ts";
import { type Operation, operation, type SqsAnswer, toQueueSchema } from "../operation.ts";
import { invalidParameter, SqsError } from "../sqs-error.ts";
import type { VirtualQueue } from "../virtual-queue.ts";

const MAX_SECONDS = VISIBILITY_TIMEOUT_MAX_MS / 1_000;

const receiptSchema = z.object({ ReceiptHandle: z.string() });
const visibilitySchema = receiptSchema.extend({
  VisibilityTimeout: z.number().int().min(0).max(MAX_SECONDS),
});

/** Deletes up to ten messages. */
export const deleteMessageBatch: Operation = batchOperation(receiptSchema, remove);

/** Deletes one message; again is accepted, after the end of its visibility is not. */
export const deleteMessage: Operation = forOne(receiptSchema, remove);

/** Sets when up to ten messages are seen again. */
export const changeMessageVisibilityBatch: Operation = batchOperation(visibilitySchema, changeVisibility);

/** Sets when one message is seen again. */
export const changeMessageVisibility: Operation = forOne(visibilitySchema, changeVisibility);

function forOne<Entry extends object>(
  entrySchema: z.ZodType<Entry>,
  run: (queue: VirtualQueue, entry: Entry) => SqsAnswer,
): Operation {
  return operation(z.intersection(toQueueSchema, entrySchema), (input, { queues }) => {
    const queue = queues.at(input.QueueUrl);
    const answer = run(queue, input);
    queue.serve();
    return answer;
  });
}

function remove({ contents }: VirtualQueue, { ReceiptHandle }: z.infer<typeof receiptSchema>): SqsAnswer {
  switch (contents.remove(ReceiptHandle)) {
    case "deleted":
    case "gone":
      return {};
    case "expired":
      throw invalidParameter("ReceiptHandle", ReceiptHandle, "The receipt handle has expired");
    case "unknown":
      throw handleInvalid(ReceiptHandle);
  }
}

function changeVisibility(
  { contents }: VirtualQueue,
  { ReceiptHandle, VisibilityTimeout }: z.infer<typeof visibilitySchema>,
): SqsAnswer {
  const change = { receiptHandle: ReceiptHandle, delayMs: 1_000 * VisibilityTimeout };
  switch (contents.changeVisibility(change)) {
    case "changed":
      return {};
    case "visible":
      throw new SqsError("MessageNotInflight", "The message referred to is not in flight.");
    case "gone":
      throw invalidParameter(
        "ReceiptHandle",
        ReceiptHandle,
        "Message does not exist or is not available for visibility timeout change",
      );
    case "too-long":
      throw invalidParameter(
        "VisibilityTimeout",
        VisibilityTimeout,
        `Total VisibilityTimeout for the message is beyond the limit [${MAX_SECONDS} seconds]`,
      );
    case "unknown":
      throw handleInvalid(ReceiptHandle);
  }
}

function handleInvalid(receiptHandle: string): SqsError {
  return new SqsError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
  );
}
