import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { deferred } from "../timing/deferred.ts";
import {
  type BatchEntry,
  type BatchSent,
  type SendDeps,
  type SendingFailure,
  sendBatch,
} from "./send-batch.ts";

/** Sends entries in batches, several side by side. */
export interface BatchSender {
  /** Puts an entry into the batch that is being filled, which must not be full. */
  add(entry: BatchEntry): void;
  /** Sends the batch that is being filled, as soon as there is room for it. */
  flush(): Promise<void>;
  /** The batch that is being filled. */
  filling(): readonly BatchEntry[];
  /** Tells that the batch that is being filled takes no further entry: it is to be flushed. */
  isFull(): boolean;
  /** The lowest number of those that may not be in the queue yet; undefined if all are. */
  firstUnsent(): number | undefined;
  /** Resolves when no batch is under way; never rejects. */
  ended(): Promise<void>;
}

/** Everything that a sender works with. */
export interface BatchSenderDeps extends SendDeps {
  /** Most batches under way at once. */
  readonly concurrency: number;
  /** Takes the end of each batch; what it throws is a failure like the queue's. */
  onSent(sent: BatchSent): void;
  /** Takes each failure: its batch is left, or a part of it. */
  onFailure(failure: SendingFailure): void;
}

/** Makes a sender. Once the run is stopped it sends no further batch. */
export function createBatchSender(deps: BatchSenderDeps): BatchSender {
  const { stop, concurrency, onSent, onFailure } = deps;
  let underWayCount = 0;
  let nextEnd = deferred();
  let filling: BatchEntry[] = [];
  /** First numbers of batches that are under way, or failed. */
  const unsent = new Set<number>();

  async function flush(): Promise<void> {
    const batch = filling;
    filling = [];
    if (batch.length === 0) return;
    while (underWayCount >= concurrency) await nextEnd.promise;
    if (stop.signal.aborted) {
      unsent.add(batch[0]?.number ?? 0);
      return onFailure({ cause: stop.signal.reason });
    }
    void send(batch);
  }

  async function send(batch: readonly BatchEntry[]): Promise<void> {
    underWayCount += 1;
    const first = batch[0]?.number ?? 0;
    unsent.add(first);
    try {
      const sent = await sendBatch(batch, deps);
      if (sent.failure !== undefined) onFailure(sent.failure);
      else unsent.delete(first);
      onSent(sent);
    } catch (cause) {
      onFailure({ cause });
    } finally {
      underWayCount -= 1;
      nextEnd.resolve();
      nextEnd = deferred();
    }
  }

  async function ended(): Promise<void> {
    while (underWayCount > 0) await nextEnd.promise;
  }

  return {
    add(entry) {
      filling.push(entry);
    },
    flush,
    filling: () => filling,
    isFull: () => filling.length === BATCH_SIZE_MAX,
    firstUnsent: () => (unsent.size === 0 ? undefined : Math.min(...unsent)),
    ended,
  };
}
