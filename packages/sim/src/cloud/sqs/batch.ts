import { BATCH_SIZE_MAX } from "@sluice/core/aws-bounds";
import * as z from "zod";
import { type Operation, operation, parseInput, type SqsAnswer } from "./operation.ts";
import { SqsError } from "./sqs-error.ts";
import type { VirtualQueue } from "./virtual-queue.ts";

/** The entries of a batch before they are parsed, each with an id. */
export type BatchEntries = readonly { readonly Id: string; readonly [parameter: string]: unknown }[];

const batchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.looseObject({ Id: z.string() })).default([]),
});

const ENTRY_ID = /^[\w-]{1,80}$/;

/**
 * Makes an operation that does the same for each entry of a batch: one that fails leaves the others alone, and is told
 * among the failed.
 */
export function batchOperation<Entry>(
  entrySchema: z.ZodType<Entry>,
  run: (queue: VirtualQueue, entry: Entry) => SqsAnswer,
  refuse: (entries: BatchEntries) => void = () => {},
): Operation {
  return operation(batchSchema, ({ QueueUrl, Entries }, { queues }) => {
    const queue = queues.at(QueueUrl);
    refuseBatch(Entries);
    refuse(Entries);
    const ends = Entries.map((entry) => endOf(entry.Id, () => run(queue, parseInput(entrySchema, entry))));
    queue.serve();
    return {
      Successful: ends.flatMap((end) => (end.kind === "done" ? [end.answer] : [])),
      Failed: ends.flatMap((end) => (end.kind === "failed" ? [end.failure] : [])),
    };
  });
}

function endOf(Id: string, run: () => SqsAnswer) {
  try {
    return { kind: "done", answer: { Id, ...run() } } as const;
  } catch (thrown) {
    if (!(thrown instanceof SqsError)) throw thrown;
    return {
      kind: "failed",
      failure: { Id, SenderFault: true, Code: thrown.name, Message: thrown.message },
    } as const;
  }
}

function refuseBatch(entries: BatchEntries): void {
  if (entries.length === 0)
    throw new SqsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > BATCH_SIZE_MAX)
    throw new SqsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${BATCH_SIZE_MAX}. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id }) => Id);
  if (!ids.every((id) => ENTRY_ID.test(id)))
    throw new SqsError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  if (new Set(ids).size < ids.length)
    throw new SqsError(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
}
