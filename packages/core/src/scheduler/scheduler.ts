import { messageOf, SluiceError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { FetchStore } from "../ports/fetch-store.ts";
import type { HistoryStore } from "../ports/history-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Queue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { Rosters } from "../ports/rosters.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { ByLane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { type RecordStatus, readRecordStatus } from "../record-status/record-status.ts";
import { type RunStatus, readRunStatus } from "../runs/run-status.ts";
import { waitForRun } from "../runs/wait-for-run.ts";
import { type EnqueueOptions, type ParsedOptions, parseEnqueueOptions } from "./enqueue-options.ts";
import { nameArgument } from "./name-argument.ts";
import { checkRecordInput, type RecordInput } from "./record-input.ts";
import { run } from "./run.ts";
import type { EnqueueResult } from "./run-count.ts";
import { RunRefused } from "./run-refused.ts";

/** Enqueues records of one provider. An id that is no text is refused with SluiceError `input-invalid`. */
export interface Scheduler {
  /**
   * Sends every record to the provider's queue. A record is an id, or `{ id, payload? }`; whatever is neither is
   * rejected by its index, and the others go on. A record waits at most a second for others of its batch. While the queue
   * is unreachable it waits and tries again.
   * @throws SluiceError `input-invalid` before anything is read, if `records` can't be read or an option can't be
   * @throws RunRefused if the run id was used for other records, by a call under way, or for a run that is cancelled
   * @throws EnqueueInterrupted when aborted, when the input fails, or when the queue refuses for good or for too long
   */
  enqueue(records: RecordInput, options?: EnqueueOptions): Promise<EnqueueResult>;
  /** Reads the state of a run, and what has become of its records; undefined if there is none. @throws Unreachable */
  run(runId: string): Promise<RunStatus | undefined>;
  /**
   * Waits until a run is completed, and answers with its state.
   * @throws SluiceError `run-unknown`; the reason of the signal as soon as it aborts; Unreachable
   */
  wait(runId: string, options?: { readonly signal?: AbortSignal }): Promise<RunStatus>;
  /**
   * Ends a run before its time: within five seconds no record of it starts any more, each is *cancelled* at its turn. A
   * record that another run wants too is fetched for that one. Answers with the run's state; undefined if there is none.
   * @throws Unreachable
   */
  cancel(runId: string): Promise<RunStatus | undefined>;
  /**
   * Reads where a record stands today, by the provider's calendar: its attempts, its runs, and what it waits for. It reads
   * the rows of records, which the policy of schedulers does not allow.
   * @throws SluiceError `contract-unknown` while the deployment has not told its contract; Unreachable
   */
  record(recordId: string): Promise<RecordStatus>;
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
  readonly runs: RunStore;
  readonly rosters: Rosters;
  readonly fetches: Pick<FetchStore, "get">;
  readonly history: Pick<HistoryStore, "contract" | "latest">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
}

/** Makes the scheduler of a provider, of which it needs the id only. */
export function createScheduler(provider: Pick<Provider, "id">, deps: SchedulerDeps): Scheduler {
  const { runs, clock } = deps;
  return {
    enqueue: (records, options = {}) => enqueue(provider, deps, records, options),
    run: async (runId) => readRunStatus(nameArgument(runId, "runId"), deps),
    wait: async (runId, { signal } = {}) => waitForRun(nameArgument(runId, "runId"), signal, deps),
    async cancel(runId) {
      await runs.cancel(nameArgument(runId, "runId"), clock.nowMs());
      return readRunStatus(runId, deps);
    },
    record: async (recordId) =>
      readRecordStatus(nameArgument(recordId, "recordId"), { ...deps, provider: provider.id }),
  };
}

async function enqueue(
  provider: Pick<Provider, "id">,
  { queues, runs, rosters, clock, ids, random }: SchedulerDeps,
  records: RecordInput,
  given: EnqueueOptions,
): Promise<EnqueueResult> {
  checkRecordInput(records);
  const options = parseEnqueueOptions(given);
  const runId = options.runId ?? ids.next();
  const { lane, correlationId = runId } = options;
  const createdAtMs = clock.nowMs();
  const deadlineMs = deadlineOf(options, createdAtMs);
  const identity = {
    runId,
    correlationId,
    lane,
    createdAtMs,
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
  const deps = { queue: queues[lane], runs, rosters, clock, random };
  const { result, failure } = await run(records, provider.id, identity, options, deps);
  if (failure === undefined) return result;
  const { cause } = failure;
  throw cause instanceof RunRefused || isInputInvalid(cause) ? cause : new EnqueueInterrupted(cause, result);
}

/** The instant from which on no record starts; undefined if there is none. */
function deadlineOf({ deadline, maxAgeMs }: ParsedOptions, nowMs: number): number | undefined {
  const given = [deadline, maxAgeMs === undefined ? undefined : nowMs + maxAgeMs];
  const instants = given.filter((instant) => instant !== undefined);
  return instants.length === 0 ? undefined : Math.min(...instants);
}

function isInputInvalid(cause: unknown): boolean {
  return cause instanceof SluiceError && cause.code === "input-invalid";
}
