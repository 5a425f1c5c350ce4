import type { QueueEntry } from "../ports/queue.ts";
import { MESSAGE_VERSION, messageBody } from "../records/message.ts";
import type { FetchRecord } from "../records/record.ts";
import { recordKey } from "../records/record-key.ts";

/** The names that all records of a run have in common. */
export interface RunNames {
  /** The provider's id. */
  readonly provider: string;
  readonly runId: string;
  readonly correlationId: string;
  /** No record starts from then on; absent if that does not matter. */
  readonly expiresAtMs?: number;
}

/**
 * The queue entry for a record. Each record is its own message group, at X = 1 too: a failing one delays only itself,
 * and permits keep the bound.
 */
export function entryOf(
  record: FetchRecord,
  number: number,
  deduplicationId: string,
  run: RunNames,
): QueueEntry {
  const { provider, runId, correlationId, expiresAtMs } = run;
  return {
    groupId: recordKey(record.id),
    deduplicationId,
    body: messageBody({
      version: MESSAGE_VERSION,
      provider,
      runId,
      correlationId,
      recordId: record.id,
      number,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      ...(record.payload === undefined ? {} : { payload: record.payload }),
    }),
  };
}
