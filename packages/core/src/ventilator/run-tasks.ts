import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { Lane } from "../provider/lane.ts";
import type { Turns } from "../steering/quotas/turns.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { Task, TaskResult } from "./batch.ts";
import { createBatchOutcomes } from "./batch-outcomes.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { createDoor } from "./door.ts";
import { createEarlyReturn } from "./early-return.ts";
import { fetchRecord } from "./fetch-record.ts";
import { createGateKeeper } from "./gate-keeper.ts";
import { type KnownAnswers, knownInAll } from "./known-answers.ts";
import { createPlaces } from "./place.ts";
import { createReporter } from "./reporter.ts";
import { holdProvider } from "./retry-after-hold.ts";
import type { Tally } from "./tally.ts";
import type { TaskList } from "./task-list.ts";
import type { Unstarted } from "./unstarted.ts";
import { outcomeVoteOf } from "./vote.ts";

/** The end of a batch. */
export interface BatchResult {
  readonly dispositions: ReadonlyMap<ReceivedMessage, Disposition>;
  /** The evidence of the batch, with the part that has not been reported yet. */
  readonly tally: Tally;
  /** Latencies of the calls that the provider answered as asked. */
  readonly latenciesMs: readonly number[];
  /** Attempts whose worker could not begin. */
  readonly unstarted: Unstarted;
  /** Leases whose worker may be running still, and those that were returned while the batch went on. */
  readonly withheld: ReadonlySet<Lease>;
  /** Gives back to the provider's quotas what no call was made of; never throws. Absent without quotas. */
  readonly endPlaces?: () => Promise<void>;
  /** Tasks that were left because the gate shut: they may wait there, without permits. */
  readonly shutOut: readonly Task[];
}

/** The way in which a run works through its tasks. */
export interface RunOptions {
  readonly lane: Lane;
  /** Most tasks that are started with one permit; left out: as many as there are. */
  readonly mostPerPermit?: number;
  /** A permit that has nothing more to start is returned at once, rather than with the others. */
  readonly returnsEarly?: boolean;
  /** Turns in the provider's quotas that it shares with other runs; left out: it makes its own. */
  readonly turns?: Turns;
  /** Is told of each task's end while the others go on. */
  readonly onEnd?: (task: Task, disposition: Disposition) => void;
}

/**
 * Works through a list of tasks, as many at a time as there are permits in hand. It stops starting when the gate shuts, when a
 * permit is beyond a lowered limit or others wait for it, or when the time left no longer fits a call; what is left is
 * handed back unstarted, unless other runs go on with the list.
 */
export async function runTasks(
  list: TaskList,
  inHand: HeldPermits,
  times: BatchTimes,
  deps: VentilatorDeps,
  { lane, mostPerPermit = Number.POSITIVE_INFINITY, returnsEarly = false, turns, onEnd }: RunOptions,
): Promise<BatchResult> {
  const gateKeeper = createGateKeeper(deps.permits, inHand, deps);
  const outcomes = createBatchOutcomes(inHand.epoch, deps);
  const { tally, latenciesMs, withheld } = outcomes;
  const reporter = createReporter(tally, inHand, deps);
  const dispositions = new Map<ReceivedMessage, Disposition>();
  const places = createPlaces(lane, inHand, times, deps, turns);
  const door = createDoor(gateKeeper, places, times, deps);
  const known = (): KnownAnswers => knownInAll(outcomes.known(), gateKeeper.known());
  const { workWithAll, returned } = createEarlyReturn(inHand, withheld, times, deps);

  async function workWith(lease: Lease): Promise<void> {
    const mayGoOn = (count: number) => count < mostPerPermit && list.count() > 0 && !withheld.has(lease);
    for (let count = 0; mayGoOn(count) && (await door.mayStart(lease)); count += 1) {
      const task = list.next();
      if (task === undefined) return;
      const place = places && (await door.placeFor(lease, list.count() + 1));
      if (place === "none") return list.putBack(task);
      const epoch = gateKeeper.epoch();
      const result = await fetchSafely({ ...task, known: known(), ...(place && { place }) }, times, deps);
      const { outcome, disposition } = result;
      if (place !== undefined) places?.putBack(place);
      dispositions.set(task.received, disposition);
      onEnd?.(task, disposition);
      if (outcome === undefined) continue;
      const vote = outcomeVoteOf(task, { ...result, outcome }, known());
      outcomes.add(outcome, vote, epoch, lease);
      await makeKnown(outcome);
    }
  }

  async function makeKnown(outcome: Outcome): Promise<void> {
    if (outcome.kind === "throttled" && outcome.retryAfterMs !== undefined) {
      await holdProvider(outcome.retryAfterMs, gateKeeper, deps);
    }
    if (outcome.kind === "throttled") await deps.quotas?.tellRefused();
    // The last outcome is reported when the permits are returned.
    if (list.count() > 0) await reporter.reportWhenDue();
  }

  list.join();
  await workWithAll(workWith, { isBeyond: (lease) => returnsEarly || door.isBeyond(lease) });
  const left = list.leave();
  if (!door.keptOut()) for (const task of left) dispositions.set(task.received, handBack(0));
  return {
    dispositions,
    tally,
    latenciesMs,
    unstarted: outcomes.unstarted(),
    withheld: new Set([...withheld, ...returned]),
    shutOut: door.keptOut() ? left : [],
    ...(places !== undefined && { endPlaces: places.end }),
  };
}

/** Fetches a record like {@link fetchRecord}; one that could not be claimed is handed back. */
async function fetchSafely(task: Task, times: BatchTimes, deps: VentilatorDeps): Promise<TaskResult> {
  try {
    return await fetchRecord(task, times, deps);
  } catch (thrown) {
    const { recordId, correlationId } = task.message;
    deps.log.error("record could not be started", { recordId, correlationId, cause: messageOf(thrown) });
    return { disposition: handBack(backOffMs(UNSTARTED_BACK_OFF, task.received.receiveCount, deps.random)) };
  }
}
