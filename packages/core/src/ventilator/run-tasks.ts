import { messageOf } from "../errors.ts";
import { evidenceOf, type Vote } from "../law/evidence.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { Task, TaskResult } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { fetchRecord } from "./fetch-record.ts";
import { createGateKeeper } from "./gate-keeper.ts";
import { untilReopenedMs } from "./reopening.ts";
import { createReporter } from "./reporter.ts";
import { holdProvider } from "./retry-after-hold.ts";
import { createTally, type Tally } from "./tally.ts";
import { createUnstartedCounter, type Unstarted } from "./unstarted.ts";
import { probeVoteOf, voteOf } from "./vote.ts";

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
): Promise<BatchResult> {
  const { provider, permits, clock } = deps;
  const gateKeeper = createGateKeeper(permits, inHand, deps);
  const tally = createTally(inHand.epoch);
  const unstarted = createUnstartedCounter();
  const reporter = createReporter(tally, inHand, deps);
  const dispositions = new Map<ReceivedMessage, Disposition>();
  const latenciesMs: number[] = [];
  const withheld = new Set<Lease>();
  const waiting = [...tasks];
  let unstartedVisibleInMs = 0;
  let isShut = false;
  let lastOkAtMs = 0;

  async function workWith(lease: Lease): Promise<void> {
    while (waiting.length > 0 && !withheld.has(lease) && (await mayStart(lease))) {
      const task = waiting.shift();
      if (task === undefined) return;
      const epoch = gateKeeper.epoch();
      const knownOkAtMs = Math.max(lastOkAtMs, gateKeeper.lastOkAtMs());
      const result = await fetchSafely({ ...task, lastOkAtMs: knownOkAtMs }, times, deps);
      dispositions.set(task.received, result.disposition);
      const voted = task.isProbe ? probeVoteOf : voteOf;
      const vote = voted(result, Math.max(lastOkAtMs, gateKeeper.lastOkAtMs()));
      if (result.outcome !== undefined) await addOutcome(result.outcome, vote, epoch, lease);
    }
  }

  async function mayStart(lease: Lease): Promise<boolean> {
    if (clock.nowMs() >= times.takeUpUntilMs) return false;
    const gate = await gateKeeper.gateFor(lease);
    if (gate.kind === "shut") {
      isShut = true;
      unstartedVisibleInMs = untilReopenedMs(gate, deps);
    }
    return gate.kind === "open";
  }

  async function addOutcome(outcome: Outcome, vote: Vote, epoch: number, lease: Lease): Promise<void> {
    tally.add(epoch, evidenceOf(outcome, vote, provider.timeoutMs));
    unstarted.add(outcome);
    if (outcome.kind === "ok" || outcome.kind === "slow") {
      lastOkAtMs = clock.nowMs();
      latenciesMs.push(outcome.latencyMs);
    }
    if (outcome.kind === "unavailable" && outcome.fate === "lost") withheld.add(lease);
    if (outcome.kind === "throttled" && outcome.retryAfterMs !== undefined) {
      await holdProvider(outcome.retryAfterMs, gateKeeper, deps);
    }
    // The last outcome is reported when the permits are returned.
    if (waiting.length > 0) await reporter.reportWhenDue();
  }

  await Promise.all(inHand.leases.map(workWith));
  for (const task of waiting) dispositions.set(task.received, handBack(unstartedVisibleInMs));
  const shutOut = isShut ? waiting : [];
  return { dispositions, tally, latenciesMs, unstarted: unstarted.total(), withheld, shutOut };
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
