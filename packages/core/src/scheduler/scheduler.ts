import { messageOf, SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ids } from "../ports/ids.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { ByLane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { type EnqueueOptions, parseEnqueueOptions } from "./enqueue-options.ts";
import { checkRecordInput, type RecordInput } from "./record-input.ts";
import { run } from "./run.ts";
import type { EnqueueResult } from "./run-count.ts";

/** Enqueues records of one provider. */
export interface Scheduler {
  /**
   * Sends every record to the provider's queue. A record is an id, or `{ id, payload? }`; whatever is neither is
   * rejected by its index, and the others go on. A record waits at most a second for others of its batch. While the queue
   * is unreachable it waits and tries again.
   * @throws SluiceError `input-invalid` before anything is read, if `records` can't be read or an option can't be
   * @throws EnqueueInterrupted when aborted, when the input fails, or when the queue refuses for good or for too long
   */
  enqueue(records: RecordInput, options?: EnqueueOptions): Promise<EnqueueResult>;
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

/** Makes the scheduler of a provider, of which it needs the id only. */
export function createScheduler(provider: Pick<Provider, "id">, deps: SchedulerDeps): Scheduler {
  return { enqueue: (records, options = {}) => enqueue(provider, deps, records, options) };
}

async function enqueue(
  provider: Pick<Provider, "id">,
  { queues, clock, ids, random }: SchedulerDeps,
  records: RecordInput,
  given: EnqueueOptions,
): Promise<EnqueueResult> {
  checkRecordInput(records);
  const options = parseEnqueueOptions(given);
  const runId = options.runId ?? ids.next();
  const names = { provider: provider.id, runId, correlationId: options.correlationId ?? runId };
  const { result, failure } = await run(records, names, options, {
    queue: queues[options.lane],
    clock,
    random,
  });
  if (failure !== undefined) throw new EnqueueInterrupted(failure.cause, result);
  return result;
}
