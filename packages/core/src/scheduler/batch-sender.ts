import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import {
  type BatchEntry,
  type BatchSent,
  type SendDeps,
  type SendingFailure,
  sendBatch,
} from "./send-batch.ts";

/** Sends entries in batches, several side by side. */
export interface BatchSender {
  /** Puts an entry into the batch that is being filled, and sends it when it is full, as soon as there is room for it. */
  add(entry: BatchEntry): Promise<void>;
  /** Sends the batch that is being filled, as soon as there is room for it. */
  flush(): Promise<void>;
  /** The batch that is being filled. */
  filling(): readonly BatchEntry[];
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
  const underWay = new Set<Promise<void>>();
  let filling: BatchEntry[] = [];

  async function add(entry: BatchEntry): Promise<void> {
    filling.push(entry);
    if (filling.length === BATCH_SIZE_MAX) await flush();
  }

  async function flush(): Promise<void> {
    const batch = filling;
    filling = [];
    if (batch.length === 0) return;
    while (underWay.size >= concurrency) await Promise.race(underWay);
    if (stop.signal.aborted) return onFailure({ cause: stop.signal.reason });
    const sending: Promise<void> = send(batch).finally(() => underWay.delete(sending));
    underWay.add(sending);
  }

  async function send(batch: readonly BatchEntry[]): Promise<void> {
    try {
      const sent = await sendBatch(batch, deps);
      if (sent.failure !== undefined) onFailure(sent.failure);
      onSent(sent);
    } catch (cause) {
      onFailure({ cause });
    }
  }

  async function ended(): Promise<void> {
    await Promise.all(underWay);
  }

  return { add, flush, filling: () => filling, ended };
}
