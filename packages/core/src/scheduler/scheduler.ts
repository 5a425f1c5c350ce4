import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { messageOf, SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ids } from "../ports/ids.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { ByLane, Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { parseRecord } from "../records/record.ts";
import { createBatchesUnderWay, type SendingFailure } from "./batches-under-way.ts";
import { entryOf, type RunNames } from "./entry.ts";
import { createRunCount, type EnqueueProgress, type EnqueueResult } from "./run-count.ts";
import { createRunDeduplicator } from "./run-deduplicator.ts";
import { type BatchEntry, sendBatch } from "./send-batch.ts";

/** Enqueues records of one provider. */
export interface Scheduler {
  /**
   * Sends every record to the provider's queue. A record is an id, or `{ id, payload? }`; whatever is neither is
   * rejected by its index, and the others go on. While the queue is unreachable it waits and tries again.
   * @throws EnqueueInterrupted when aborted, when the input fails, or when the queue refuses for good or for too long
   */
  enqueue(
    records: Iterable<unknown> | AsyncIterable<unknown>,
    options?: EnqueueOptions,
  ): Promise<EnqueueResult>;
}

/** Options of a run; each has a default. */
export interface EnqueueOptions {
  /** Repeating a call with the same run id enqueues nothing twice (SQS forgets after 5 minutes, the table doesn't). */
  readonly runId?: string;
  /** Stays with the records through queue, logs, worker and table; the run id by default. */
  readonly correlationId?: string;
  /** `express` for records that a user waits for. */
  readonly lane?: Lane;
  /** Batches of 10 under way at once, 16 by default. */
  readonly concurrency?: number;
  /** Time to wait for an unreachable queue, 15 minutes by default. */
  readonly giveUpAfterMs?: number;
  /** Stops the run; batches under way are still finished and counted. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: EnqueueProgress) => void;
}

/** A run that did not get to its end. `result` counts what was enqueued; the same run id resumes it. */
export class EnqueueInterrupted extends SluiceError {
  readonly result: EnqueueResult;

  constructor(cause: unknown, result: EnqueueResult) {
    const { runId, accepted } = result;
    const advice = `${accepted} records were enqueued; call again with runId ${runId} to enqueue the others`;
    super("enqueue-interrupted", `Enqueuing stopped: ${messageOf(cause)} (${advice})`, { cause });
    this.result = result;
  }
}

/** Everything that a scheduler works with. */
export interface SchedulerDeps {
  readonly queues: ByLane<Queue>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
}

const CONCURRENCY = 16;
const GIVE_UP_AFTER_MS = 15 * 60_000;

/** Makes the scheduler of a provider, of which it needs the id only. */
export function createScheduler(provider: Pick<Provider, "id">, deps: SchedulerDeps): Scheduler {
  return { enqueue: (records, options = {}) => enqueue(provider, deps, records, options) };
}

async function enqueue(
  provider: Pick<Provider, "id">,
  deps: SchedulerDeps,
  records: Iterable<unknown> | AsyncIterable<unknown>,
  options: EnqueueOptions,
): Promise<EnqueueResult> {
  const { lane = "records", concurrency = CONCURRENCY, giveUpAfterMs = GIVE_UP_AFTER_MS, signal } = options;
  const runId = options.runId ?? deps.ids.next();
  const run: RunNames = { provider: provider.id, runId, correlationId: options.correlationId ?? runId };
  const deduplicator = createRunDeduplicator(runId);
  const count = createRunCount(runId);
  const underWay = createBatchesUnderWay(concurrency);
  let batch: BatchEntry[] = [];
  let firstFailure: SendingFailure | undefined;

  async function flush(): Promise<void> {
    const entries = batch;
    batch = [];
    if (entries.length === 0) return;
    await underWay.start(async () => {
      count.addSent(await sendBatch(deps.queues[lane], entries, { giveUpAfterMs, signal }, deps));
      options.onProgress?.(count.progress());
    });
  }

  try {
    let index = -1;
    for await (const input of records) {
      index += 1;
      signal?.throwIfAborted();
      if (underWay.failure() !== undefined) break;
      const parsed = parseRecord(input);
      if (parsed.kind === "rejected") {
        count.addRejected(index, parsed.id, parsed.reason);
        continue;
      }
      const deduplicationId = deduplicator.admit(parsed.record.id);
      if (deduplicationId === undefined) {
        count.addDuplicate();
        continue;
      }
      batch.push({ index, recordId: parsed.record.id, entry: entryOf(parsed.record, deduplicationId, run) });
      if (batch.length === BATCH_SIZE_MAX) await flush();
    }
    if (underWay.failure() === undefined) await flush();
  } catch (cause) {
    firstFailure = underWay.failure() ?? { cause };
  }
  await underWay.ended();
  const failure = firstFailure ?? underWay.failure();
  if (failure !== undefined) throw new EnqueueInterrupted(failure.cause, count.result());
  return count.result();
}
