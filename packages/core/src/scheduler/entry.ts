import type { QueueEntry } from "../ports/queue.ts";
import type { Provider } from "../provider/provider.ts";
import { MESSAGE_VERSION, messageBody } from "../records/message.ts";
import type { FetchRecord } from "../records/record.ts";
import { recordKey } from "../records/record-key.ts";

/** The names that all records of a run have in common. */
export interface RunNames {
  readonly provider: Pick<Provider, "id" | "maxConcurrency">;
  readonly runId: string;
  readonly correlationId: string;
}

/**
 * The queue entry for a record. Each record is its own message group, so that a failing one delays only itself; at
 * X = 1 there is one group, so that the queue itself hands out one record at a time.
 */
export function entryOf(record: FetchRecord, deduplicationId: string, run: RunNames): QueueEntry {
  const { provider, runId, correlationId } = run;
  return {
    groupId: provider.maxConcurrency === 1 ? provider.id : recordKey(record.id),
    deduplicationId,
    body: messageBody({
      version: MESSAGE_VERSION,
      provider: provider.id,
      runId,
      correlationId,
      recordId: record.id,
      ...(record.payload === undefined ? {} : { payload: record.payload }),
    }),
  };
}
