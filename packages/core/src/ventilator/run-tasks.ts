import { messageOf } from "../errors.ts";
import { evidenceOf, type Vote } from "../law/evidence.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Gate } from "../permits/gate.ts";
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
import { createReporter } from "./reporter.ts";
import { holdProvider } from "./retry-after-hold.ts";
import { createTally, type Tally } from "./tally.ts";
import { createUnstartedCounter, type Unstarted } from "./unstarted.ts";
import { voteOf } from "./vote.ts";

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
  let lastOkAtMs = 0;

  async function workWith(lease: Lease): Promise<void> {
    while (waiting.length > 0 && !withheld.has(lease) && (await mayStart(lease))) {
      const task = waiting.shift();
      if (task === undefined) return;
      const epoch = gateKeeper.epoch();
      const result = await fetchSafely({ ...task, lastOkAtMs: gateKeeper.lastOkAtMs() }, times, deps);
      dispositions.set(task.received, result.disposition);
      const vote = voteOf(result, Math.max(lastOkAtMs, gateKeeper.lastOkAtMs()));
      if (result.outcome !== undefined) await addOutcome(result.outcome, vote, epoch, lease);
    }
  }

  async function mayStart(lease: Lease): Promise<boolean> {
    if (clock.nowMs() >= times.takeUpUntilMs) return false;
    const gate = await gateKeeper.gateFor(lease);
    if (gate.kind === "shut") unstartedVisibleInMs = untilReopenedMs(gate, deps);
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
  return { dispositions, tally, latenciesMs, unstarted: unstarted.total(), withheld };
}

/** The wait of a record that a shut gate keeps back: until the gate opens, and a moment more, so that not all batches return at once. */
function untilReopenedMs(
  { reopensAtMs }: Extract<Gate, { kind: "shut" }>,
  { clock, random }: VentilatorDeps,
): number {
  const shutForMs = reopensAtMs === undefined ? UNSTARTED_BACK_OFF.maxMs : reopensAtMs - clock.nowMs();
  return shutForMs + random.next() * UNSTARTED_BACK_OFF.firstMs;
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
