import { messageOf } from "../errors.ts";
import type { Lease } from "../permits/lease.ts";
import type { Holding } from "../permits/permit-pool.ts";
import type { Observed } from "../ports/permit-items.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { Outcome, OutcomeKind } from "../records/outcome.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { fetchRecord } from "./fetch-record.ts";
import { createGateKeeper } from "./gate-keeper.ts";
import { holdMs } from "./hold.ts";
import type { Task, TaskResult } from "./task.ts";

/** What a batch came to. */
export interface TasksRun {
  readonly dispositions: ReadonlyMap<ReceivedMessage, Disposition>;
  readonly observed: Observed;
  /** Leases whose worker may be running still. */
  readonly withheld: ReadonlySet<Lease>;
}

/**
 * Works through tasks, as many at a time as there are permits in hand. It stops starting when the gate shuts, when a
 * permit is beyond a lowered limit, or when the time left no longer fits a call; what is left is handed back unstarted.
 */
export async function runTasks(
  tasks: readonly Task[],
  holding: Holding,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<TasksRun> {
  const { permits, clock, random, log } = deps;
  const gateKeeper = createGateKeeper(permits, holding, deps);
  const dispositions = new Map<ReceivedMessage, Disposition>();
  const observed: Partial<Record<OutcomeKind, number>> = {};
  const withheld = new Set<Lease>();
  const waiting = [...tasks];
  let unstartedVisibleInMs = 0;

  async function lane(lease: Lease): Promise<void> {
    while (!withheld.has(lease) && (await mayStart(lease))) {
      const task = waiting.shift();
      if (task === undefined) return;
      const { disposition, outcome } = await fetchSafely(task);
      dispositions.set(task.received, disposition);
      if (outcome !== undefined) await observe(outcome, lease);
    }
  }

  async function mayStart(lease: Lease): Promise<boolean> {
    if (clock.nowMs() >= times.takeUpUntilMs) return false;
    const gate = await gateKeeper.gateFor(lease);
    if (gate.kind === "shut") {
      const shutForMs =
        gate.reopensAtMs === undefined ? UNSTARTED_BACK_OFF.maxMs : gate.reopensAtMs - clock.nowMs();
      unstartedVisibleInMs = shutForMs + random.next() * UNSTARTED_BACK_OFF.firstMs;
    }
    return gate.kind === "open";
  }

  async function fetchSafely(task: Task): Promise<TaskResult> {
    try {
      return await fetchRecord(task, times, deps);
    } catch (thrown) {
      const { recordId, correlationId } = task.message;
      log.error("record could not be started", { recordId, correlationId, cause: messageOf(thrown) });
      return { disposition: handBack(backOffMs(UNSTARTED_BACK_OFF, task.received.receiveCount, random)) };
    }
  }

  async function observe(outcome: Outcome, lease: Lease): Promise<void> {
    observed[outcome.kind] = (observed[outcome.kind] ?? 0) + 1;
    if (outcome.kind === "unavailable" && outcome.fate === "lost") withheld.add(lease);
    if (outcome.kind === "throttled" && outcome.retryAfterMs !== undefined) await hold(outcome.retryAfterMs);
  }

  async function hold(retryAfterMs: number): Promise<void> {
    const untilMs = clock.nowMs() + holdMs(retryAfterMs);
    gateKeeper.shutUntil(untilMs);
    try {
      await permits.hold(untilMs);
    } catch (thrown) {
      log.error("the hold could not be stored, others learn it from the provider", {
        cause: messageOf(thrown),
      });
    }
  }

  await Promise.all(holding.leases.map(lane));
  for (const task of waiting) dispositions.set(task.received, handBack(unstartedVisibleInMs));
  return { dispositions, observed, withheld };
}
