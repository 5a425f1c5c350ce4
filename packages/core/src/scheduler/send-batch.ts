import { Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Queue, QueueEntry } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { CallLimits } from "./call-limits.ts";
import { LAST_CALL_MS, type RunStop } from "./run-stop.ts";

/** An entry, and the input that it was made from. */
export interface BatchEntry {
  /** Position in the input, from 0. */
  readonly index: number;
  /** Its number in the run. */
  readonly number: number;
  readonly recordId: string;
  readonly entry: QueueEntry;
}

/** The end of a batch: its entries that the queue has taken or refused, and the failure that left the others. */
export interface BatchSent {
  readonly accepted: number;
  /** Entries that the queue refuses for good. */
  readonly refused: readonly RefusedEntry[];
  readonly failure?: SendingFailure;
}

/** An entry that the queue refuses for good. */
export interface RefusedEntry {
  readonly index: number;
  readonly number: number;
  readonly recordId: string;
  readonly reason: string;
}

/** The error that sending failed with. */
export interface SendingFailure {
  readonly cause: unknown;
}

/** Everything that a batch is sent with. */
export interface SendDeps {
  readonly queue: Queue;
  /** Time to wait for an unreachable queue. */
  readonly giveUpAfterMs: number;
  readonly stop: RunStop;
  readonly limits: CallLimits;
  readonly clock: Clock;
  readonly random: Random;
}

const RETRY_BACK_OFF = { firstMs: 200, maxMs: 5_000 };
/** Longer than the AWS SDK's own tries take together with the client of `createSqsClient`. */
const CALL_TIMEOUT_MS = 20_000;

/**
 * Sends a batch until the queue has taken or refused each entry. Entries that it reports as failed for now, and all
 * while it is unreachable, are sent again after a back-off; repeating is safe because of the deduplication ids. It fails
 * after `giveUpAfterMs` without success, when the run stops, and at once with any error of the queue but Unreachable.
 */
export async function sendBatch(batch: readonly BatchEntry[], deps: SendDeps): Promise<BatchSent> {
  const { giveUpAfterMs, stop, clock, random } = deps;
  const giveUpAtMs = clock.nowMs() + giveUpAfterMs;
  const refused: RefusedEntry[] = [];
  let unsent = batch;
  for (let tries = 1; ; tries += 1) {
    const tried = await trySend(unsent, giveUpAtMs, deps);
    refused.push(...tried.refused);
    unsent = tried.unsent;
    const sent = { accepted: batch.length - refused.length - unsent.length, refused };
    if (unsent.length === 0) return sent;
    const leftMs = giveUpAtMs - clock.nowMs();
    if (!stop.signal.aborted) {
      if (!(tried.error instanceof Unreachable) || leftMs <= 0)
        return { ...sent, failure: { cause: tried.error } };
      await clock.sleep(Math.min(leftMs, backOffMs(RETRY_BACK_OFF, tries, random)), stop.signal);
    }
    if (stop.signal.aborted) return { ...sent, failure: { cause: stop.signal.reason } };
  }
}

/** The answer to one try. */
interface Try extends Pick<BatchSent, "refused"> {
  readonly unsent: readonly BatchEntry[];
  /** The reason why some are unsent. */
  readonly error?: unknown;
}

/** The queue has taken all entries. */
const TAKEN: Try = { refused: [], unsent: [] };

async function trySend(batch: readonly BatchEntry[], giveUpAtMs: number, deps: SendDeps): Promise<Try> {
  const { queue, limits, clock } = deps;
  const entries = batch.map(({ entry }) => entry);
  const timeoutMs = Math.min(CALL_TIMEOUT_MS, Math.max(LAST_CALL_MS, giveUpAtMs - clock.nowMs()));
  try {
    const failures = await limits.keep(timeoutMs, (signal) => queue.send(entries, signal));
    // Nearly every try ends here, and is spared an error and its stack.
    if (failures.length === 0) return TAKEN;
    const failureAt = new Map(failures.map((failure) => [failure.index, failure]));
    const refused = batch.flatMap(({ index, number, recordId }, at): RefusedEntry[] => {
      const failure = failureAt.get(at);
      return failure?.isFinal === true ? [{ index, number, recordId, reason: failure.reason }] : [];
    });
    const unsent = batch.filter((_, at) => failureAt.get(at)?.isFinal === false);
    const reason = failures.find(({ isFinal }) => !isFinal)?.reason;
    return { refused, unsent, error: new Unreachable("the queue", reason ?? "entries failed") };
  } catch (error) {
    return { refused: [], unsent: batch, error };
  }
}
