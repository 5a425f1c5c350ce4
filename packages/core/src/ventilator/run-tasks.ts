import { messageOf } from "../errors.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { Lane } from "../provider/lane.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { Task, TaskResult } from "./batch.ts";
import { createBatchOutcomes } from "./batch-outcomes.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { fetchRecord } from "./fetch-record.ts";
import { createGateKeeper } from "./gate-keeper.ts";
import { type KnownAnswers, knownInAll } from "./known-answers.ts";
import { createPlaces, type Place } from "./place.ts";
import { untilReopenedMs } from "./reopening.ts";
import { createReporter } from "./reporter.ts";
import { holdProvider } from "./retry-after-hold.ts";
import type { Tally } from "./tally.ts";
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
  /** Leases whose worker may be running still. */
  readonly withheld: ReadonlySet<Lease>;
  /** Gives back to the provider's quotas what no call was made of; never throws. Absent without quotas. */
  readonly endPlaces?: () => Promise<void>;
  /** Tasks that were left because the gate shut: they may wait there, without permits. */
  readonly shutOut: readonly Task[];
}

/**
 * Works through tasks, as many at a time as there are permits in hand. It stops starting when the gate shuts, when a
 * permit is beyond a lowered limit, or when the time left no longer fits a call; what is left is handed back unstarted.
 */
export async function runTasks(
  tasks: readonly Task[],
  inHand: HeldPermits,
  times: BatchTimes,
  deps: VentilatorDeps,
  lane: Lane = "records",
): Promise<BatchResult> {
  const { permits, clock } = deps;
  const gateKeeper = createGateKeeper(permits, inHand, deps);
  const outcomes = createBatchOutcomes(inHand.epoch, deps);
  const { tally, latenciesMs, withheld } = outcomes;
  const reporter = createReporter(tally, inHand, deps);
  const dispositions = new Map<ReceivedMessage, Disposition>();
  const waiting = [...tasks];
  const places = createPlaces(inHand.isProbe ? "express" : lane, inHand.leases.length, times, deps);
  let unstartedVisibleInMs = 0;
  let isShut = false;

  async function workWith(lease: Lease): Promise<void> {
    while (waiting.length > 0 && !withheld.has(lease) && (await mayStart(lease))) {
      const task = waiting.shift();
      if (task === undefined) return;
      const place = places && (await placeFor(task, lease));
      if (place === "none") return;
      const epoch = gateKeeper.epoch();
      const result = await fetchSafely({ ...task, known: known(), ...(place && { place }) }, times, deps);
      if (place !== undefined) places?.putBack(place);
      dispositions.set(task.received, result.disposition);
      const { outcome } = result;
      if (outcome === undefined) continue;
      const vote = outcomeVoteOf(task, { ...result, outcome }, known().lastOkAtMs);
      outcomes.add(outcome, vote, epoch, lease);
      await makeKnown(outcome);
    }
  }

  /** The place of a task in the quotas; a task that gets none goes back to those that wait. */
  async function placeFor(task: Task, lease: Lease): Promise<Place | "none" | undefined> {
    const turn = await places?.next(waiting.length + 1);
    if (turn?.kind === "place" && (await mayStart(lease))) return turn.place;
    waiting.unshift(task);
    if (turn?.kind === "place") places?.putBack(turn.place);
    else if (turn !== undefined) shut(turn.untilMs);
    return "none";
  }

  function shut(reopensAtMs: number | undefined): void {
    isShut = true;
    const gate = { kind: "shut", reason: "held", ...(reopensAtMs !== undefined && { reopensAtMs }) } as const;
    unstartedVisibleInMs = untilReopenedMs(gate, deps);
  }

  async function mayStart(lease: Lease): Promise<boolean> {
    if (clock.nowMs() >= times.takeUpUntilMs) return false;
    const gate = await gateKeeper.gateFor(lease);
    if (gate.kind === "shut") shut(gate.reopensAtMs);
    return gate.kind === "open";
  }

  function known(): KnownAnswers {
    return knownInAll(outcomes.known(), gateKeeper.known());
  }

  async function makeKnown(outcome: Outcome): Promise<void> {
    if (outcome.kind === "throttled" && outcome.retryAfterMs !== undefined) {
      await holdProvider(outcome.retryAfterMs, gateKeeper, deps);
    }
    if (outcome.kind === "throttled") await deps.quotas?.tellRefused();
    // The last outcome is reported when the permits are returned.
    if (waiting.length > 0) await reporter.reportWhenDue();
  }

  await Promise.all(inHand.leases.map(workWith));
  for (const task of waiting) dispositions.set(task.received, handBack(unstartedVisibleInMs));
  const shutOut = isShut ? waiting : [];
  return {
    dispositions,
    tally,
    latenciesMs,
    unstarted: outcomes.unstarted(),
    withheld,
    shutOut,
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
