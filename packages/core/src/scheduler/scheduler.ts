import { messageOf, SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ids } from "../ports/ids.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { Provider } from "../provider/provider.ts";
import { parseRecord } from "../records/record.ts";
import { entryOf, type RunNames } from "./entry.ts";
import { createRunDeduplicator } from "./run-deduplicator.ts";
import { type BatchEntry, type BatchSent, sendBatch } from "./send-batch.ts";

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

/** How to enqueue; everything has a default. */
export interface EnqueueOptions {
  /** Repeating a call with the same run id enqueues nothing twice (SQS forgets after 5 minutes, the table doesn't). */
  readonly runId?: string;
  /** Follows the records through queue, logs, worker and table; the run id by default. */
  readonly correlationId?: string;
  /** `express` for records that a user waits for. */
  readonly lane?: "records" | "express";
  /** Batches of 10 under way at once, 16 by default. */
  readonly concurrency?: number;
  /** How long an unreachable queue is waited for, 15 minutes by default. */
  readonly giveUpAfterMs?: number;
  /** Stops the run; batches under way are still finished and counted. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: EnqueueProgress) => void;
}

/** What has become of the records read so far. */
export interface EnqueueProgress {
  readonly accepted: number;
  readonly duplicatesInRun: number;
  readonly rejected: number;
}

/** What has become of a run. */
export interface EnqueueResult {
  readonly runId: string;
  /** Records that the queue has taken. */
  readonly accepted: number;
  /** Inputs left out because the run had their id already. */
  readonly duplicatesInRun: number;
  readonly rejected: readonly Rejected[];
}

/** An input that is no record, or that the queue refuses. */
export interface Rejected {
  /** Position in the input, from 0. */
  readonly index: number;
  readonly id: unknown;
  readonly reason: string;
}

/** A run that did not get to its end. `result` says what was enqueued; the same run id resumes it. */
export class EnqueueInterrupted extends SluiceError {
  readonly result: EnqueueResult;

  constructor(cause: unknown, result: EnqueueResult) {
    const { runId, accepted } = result;
    const advice = `${accepted} records were enqueued; call again with runId ${runId} to enqueue the others`;
    super("enqueue-interrupted", `Enqueuing stopped: ${messageOf(cause)} (${advice})`, { cause });
    this.result = result;
  }
}

/** What a scheduler works with. */
export interface SchedulerDeps {
  readonly queues: { readonly records: Queue; readonly express: Queue };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
}

/** SQS takes batches of at most 10. */
const BATCH_SIZE = 10;
const CONCURRENCY = 16;
const GIVE_UP_AFTER_MS = 15 * 60_000;
/** Longest id that a rejection repeats in full: rejected ids may be of any size. */
const REPEATED_ID_MAX_LENGTH = 100;

/** A scheduler for one provider: all it needs to know of it is its id and X. */
export function createScheduler(
  provider: Pick<Provider, "id" | "maxConcurrency">,
  deps: SchedulerDeps,
): Scheduler {
  return { enqueue: (records, options = {}) => enqueue(provider, deps, records, options) };
}

async function enqueue(
  provider: Pick<Provider, "id" | "maxConcurrency">,
  deps: SchedulerDeps,
  records: Iterable<unknown> | AsyncIterable<unknown>,
  options: EnqueueOptions,
): Promise<EnqueueResult> {
  const { lane = "records", concurrency = CONCURRENCY, giveUpAfterMs = GIVE_UP_AFTER_MS, signal } = options;
  const runId = options.runId ?? deps.ids.next();
  const run: RunNames = { provider, runId, correlationId: options.correlationId ?? runId };
  const deduplicator = createRunDeduplicator(runId);
  const tally = { accepted: 0, duplicatesInRun: 0, rejected: [] as Rejected[] };
  const underWay = new Set<Promise<void>>();
  let failure: { readonly cause: unknown } | undefined;
  let batch: BatchEntry[] = [];

  function reject(index: number, id: unknown, reason: string): void {
    tally.rejected.push({ index, id: shortened(id), reason });
  }

  function count(sent: BatchSent): void {
    tally.accepted += sent.accepted;
    for (const { index, recordId, reason } of sent.refused) reject(index, recordId, reason);
    options.onProgress?.({ ...tally, rejected: tally.rejected.length });
  }

  async function flush(): Promise<void> {
    while (underWay.size >= concurrency) await Promise.race(underWay);
    if (batch.length === 0) return;
    const sending: Promise<void> = sendBatch(deps.queues[lane], batch, { giveUpAfterMs, signal }, deps)
      .then(count)
      .catch((cause: unknown) => {
        failure ??= { cause };
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
    batch = [];
  }

  try {
    let index = -1;
    for await (const input of records) {
      index += 1;
      signal?.throwIfAborted();
      if (failure !== undefined) break;
      const parsed = parseRecord(input);
      if (parsed.kind === "rejected") {
        reject(index, parsed.id, parsed.reason);
        continue;
      }
      const deduplicationId = deduplicator.admit(parsed.record.id);
      if (deduplicationId === undefined) {
        tally.duplicatesInRun += 1;
        continue;
      }
      batch.push({ index, recordId: parsed.record.id, entry: entryOf(parsed.record, deduplicationId, run) });
      if (batch.length === BATCH_SIZE) await flush();
    }
    if (failure === undefined) await flush();
  } catch (cause) {
    failure ??= { cause };
  }
  await Promise.all(underWay);
  const result: EnqueueResult = { runId, ...tally };
  if (failure !== undefined) throw new EnqueueInterrupted(failure.cause, result);
  return result;
}

function shortened(id: unknown): unknown {
  if (typeof id !== "string" || id.length <= REPEATED_ID_MAX_LENGTH) return id;
  return `${id.slice(0, REPEATED_ID_MAX_LENGTH)}…`;
}
