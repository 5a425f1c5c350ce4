import { messageOf } from "../errors.ts";
import { evidenceOf, type Vote } from "../law/evidence.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { Lease } from "../ports/permit-items.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { Outcome } from "../worker/outcome.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { fetchRecord } from "./fetch-record.ts";
import { createGateKeeper } from "./gate-keeper.ts";
import { holdMs } from "./hold.ts";
import { createTally, type Tally } from "./tally.ts";
import type { Task, TaskResult } from "./task.ts";

/** What a batch came to. */
export interface TasksRun {
  readonly dispositions: ReadonlyMap<ReceivedMessage, Disposition>;
  /** What has not been reported yet. */
  readonly tally: Tally;
  /** Of the calls that the provider answered as asked. */
  readonly latenciesMs: readonly number[];
  /** Leases whose worker may be running still. */
  readonly withheld: ReadonlySet<Lease>;
}

const VOTES_MAX = 2;
/** A long batch tells what it has observed this often, bad news sooner. */
const REPORT_EVERY_MS = 3_000;
const BAD_NEWS_EVERY_MS = 500;

/**
 * Works through tasks, as many at a time as there are permits in hand. It stops starting when the gate shuts, when a
 * permit is beyond a lowered limit, or when the time left no longer fits a call; what is left is handed back unstarted.
 */
export async function runTasks(
  tasks: readonly Task[],
  held: HeldPermits,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<TasksRun> {
  const { provider, permits, breaker, clock, random, log } = deps;
  const gateKeeper = createGateKeeper(permits, held, deps);
  const tally = createTally(held.epoch);
  const dispositions = new Map<ReceivedMessage, Disposition>();
  const latenciesMs: number[] = [];
  const withheld = new Set<Lease>();
  const waiting = [...tasks];
  let unstartedVisibleInMs = 0;
  let reportedAtMs = clock.nowMs();
  let lastOkAtMs = 0;

  async function lane(lease: Lease): Promise<void> {
    while (waiting.length > 0 && !withheld.has(lease) && (await mayStart(lease))) {
      const task = waiting.shift();
      if (task === undefined) return;
      const epoch = gateKeeper.epoch();
      const result = await fetchSafely(task);
      dispositions.set(task.received, result.disposition);
      if (result.outcome !== undefined) await observe(result.outcome, voteOf(result), epoch, lease);
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
      return await fetchRecord({ ...task, lastOkAtMs: gateKeeper.lastOkAtMs() }, times, deps);
    } catch (thrown) {
      const { recordId, correlationId } = task.message;
      log.error("record could not be started", { recordId, correlationId, cause: messageOf(thrown) });
      return { disposition: handBack(backOffMs(UNSTARTED_BACK_OFF, task.received.receiveCount, random)) };
    }
  }

  /**
   * Where others have succeeded since a record first failed, the record is to blame: a poison record votes once. Where
   * nobody has, it may be an outage, or the last few records of the day may all be bad: each votes twice at most.
   */
  function voteOf({ firstFaultAtMs, attempt = 1 }: TaskResult): Vote {
    if (firstFaultAtMs === undefined) return "provider";
    if (attempt > VOTES_MAX) return "record";
    return Math.max(lastOkAtMs, gateKeeper.lastOkAtMs()) >= firstFaultAtMs ? "record" : "provider";
  }

  async function observe(outcome: Outcome, vote: Vote, epoch: number, lease: Lease): Promise<void> {
    tally.add(epoch, evidenceOf(outcome, vote, provider.timeoutMs));
    if (outcome.kind === "ok" || outcome.kind === "slow") {
      lastOkAtMs = clock.nowMs();
      latenciesMs.push(outcome.latencyMs);
    }
    if (outcome.kind === "unavailable" && outcome.fate === "lost") withheld.add(lease);
    if (outcome.kind === "throttled" && outcome.retryAfterMs !== undefined) await hold(outcome.retryAfterMs);
    // What comes of the last record is told when the permits are returned.
    if (waiting.length > 0) await reportWhenDue();
  }

  async function reportWhenDue(): Promise<void> {
    const nowMs = clock.nowMs();
    const everyMs = tally.hasBadNews() ? BAD_NEWS_EVERY_MS : REPORT_EVERY_MS;
    if (!tally.hasNews() || nowMs - reportedAtMs < everyMs) return;
    reportedAtMs = nowMs;
    const report = tally.takeReport(nowMs);
    try {
      const shard = await permits.report(held, report);
      await breaker.consider({ index: held.shard, shard, report });
    } catch (thrown) {
      log.warn("observations could not be reported, they are dropped", { cause: messageOf(thrown) });
    }
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

  await Promise.all(held.leases.map(lane));
  for (const task of waiting) dispositions.set(task.received, handBack(unstartedVisibleInMs));
  return { dispositions, tally, latenciesMs, withheld };
}
