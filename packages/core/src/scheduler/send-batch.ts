import { Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Queue, QueueEntry } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import { backOffMs } from "../timing/back-off.ts";

/** An entry, and the input that it was made from. */
export interface BatchEntry {
  /** Position in the input, from 0. */
  readonly index: number;
  readonly recordId: string;
  readonly entry: QueueEntry;
}

/** A batch of which the queue has taken or refused each entry. */
export interface BatchSent {
  readonly accepted: number;
  /** Entries that the queue refuses for good. */
  readonly refused: readonly { readonly index: number; readonly recordId: string; readonly reason: string }[];
}

/** Limits of trying. */
export interface Patience {
  readonly giveUpAfterMs: number;
  /** Stops the tries between two of them. */
  readonly signal: AbortSignal | undefined;
}

const RETRY_BACK_OFF = { firstMs: 200, maxMs: 5_000 };

/**
 * Sends a batch until the queue has taken or refused each entry. Entries that it reports as failed for now, and all
 * while it is unreachable, are sent again after a back-off; repeating is safe because of the deduplication ids.
 * @throws Unreachable after `giveUpAfterMs` without success, the signal's reason when aborted, and at once any other
 * error of the queue, which will never take these entries
 */
export async function sendBatch(
  queue: Queue,
  batch: readonly BatchEntry[],
  { giveUpAfterMs, signal }: Patience,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<BatchSent> {
  const giveUpAtMs = clock.nowMs() + giveUpAfterMs;
  const refused: { index: number; recordId: string; reason: string }[] = [];
  let unsent = batch;
  for (let tries = 1; ; tries += 1) {
    const tried = await trySend(queue, unsent);
    refused.push(...tried.refused);
    unsent = tried.unsent;
    if (unsent.length === 0) return { accepted: batch.length - refused.length, refused };
    if (clock.nowMs() >= giveUpAtMs) throw tried.error;
    await clock.sleep(backOffMs(RETRY_BACK_OFF, tries, random), signal);
    signal?.throwIfAborted();
  }
}

/** The answer to one try. */
interface Try extends Pick<BatchSent, "refused"> {
  readonly unsent: readonly BatchEntry[];
  readonly error: Unreachable;
}

async function trySend(queue: Queue, batch: readonly BatchEntry[]): Promise<Try> {
  try {
    const failures = await queue.send(batch.map(({ entry }) => entry));
    const refused = failures.flatMap(({ index, reason, isFinal }) => {
      const failed = batch[index];
      return isFinal && failed !== undefined
        ? [{ index: failed.index, recordId: failed.recordId, reason }]
        : [];
    });
    const unsent = failures.flatMap(({ index, isFinal }) => (isFinal ? [] : batch.slice(index, index + 1)));
    return { refused, unsent, error: new Unreachable("the queue", failures[0]?.reason ?? "entries failed") };
  } catch (thrown) {
    if (thrown instanceof Unreachable) return { refused: [], unsent: batch, error: thrown };
    throw thrown;
  }
}
