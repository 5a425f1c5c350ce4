import { messageOf } from "../errors.ts";
import type { Evidence } from "../law/evidence.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { parseMessage } from "../records/message.ts";
import { backOffMs } from "../timing/back-off.ts";
import { persist } from "../timing/persist.ts";
import type { Batch, Task } from "./batch.ts";
import { type BatchTimes, batchTimesOf } from "./batch-times.ts";
import { discard } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { enter, type NoEntry } from "./enter.ts";
import { handBackMessages } from "./hand-back-messages.ts";
import { untilReopenedMs } from "./reopening.ts";
import { type BatchResult, runTasks } from "./run-tasks.ts";

/**
 * Works through a batch of queue messages and returns the ids of those to hand back. It never throws: an error of
 * Sluice's, of AWS's or of the provider's hands messages back, with a wait that fits its cause.
 */
export async function ventilate(batch: Batch, deps: VentilatorDeps): Promise<readonly string[]> {
  const times = batchTimesOf(deps.provider, batch.deadlineAtMs);
  const parsed = batch.messages.map((received) => ({
    received,
    ...parseMessage(received.body, deps.provider.id),
  }));
  const tasks = parsed.flatMap((each): Task[] => (each.kind === "message" ? [each] : []));
  const malformed = parsed.flatMap((each) => (each.kind === "malformed" ? [each] : []));
  const [ran, ...discarded] = await Promise.all([
    runWithPermits(tasks, batch, times, deps),
    ...malformed.map(
      async ({ received, cause }) => [received, await discard(received, cause, times, deps)] as const,
    ),
  ]);
  const dispositions = new Map([...ran, ...discarded]);
  return handBackMessages(batch, dispositions, deps.log);
}

async function runWithPermits(
  tasks: readonly Task[],
  batch: Batch,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<ReadonlyMap<ReceivedMessage, Disposition>> {
  if (tasks.length === 0) return new Map();
  try {
    const entry = await enter(tasks, Math.min(batch.fanOut, tasks.length), times, deps);
    switch (entry.kind) {
      case "granted": {
        const { dispositions, shutOut } = await run(tasks, entry.permits, times, deps);
        return new Map([...dispositions, ...(await runWithPermits(shutOut, batch, times, deps))]);
      }
      case "probe": {
        const { dispositions } = await run([entry.task], entry.permits, times, deps);
        const rest = tasks.filter(({ received }) => received !== entry.task.received);
        return new Map([...dispositions, ...(await runWithPermits(rest, batch, times, deps))]);
      }
      default:
        return unstarted(tasks, entry, deps);
    }
  } catch (thrown) {
    deps.log.error("batch could not be started", { records: tasks.length, cause: messageOf(thrown) });
    return unstarted(tasks, { kind: "full" }, deps);
  }
}

async function run(
  tasks: readonly Task[],
  permits: HeldPermits,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<BatchResult> {
  const result = await runTasks(tasks, permits, times, deps);
  const { tally, latenciesMs } = result;
  deps.metrics.batch({ evidence: tally.total(), latenciesMs, ...ageOf(tasks, deps) });
  await checkIn(permits, result, times, deps);
  return result;
}

function unstarted(
  tasks: readonly Task[],
  reason: NoEntry,
  deps: VentilatorDeps,
): ReadonlyMap<ReceivedMessage, Disposition> {
  const waitMs = ({ received: { receiveCount } }: Task) =>
    reason.kind === "shut"
      ? untilReopenedMs(reason, deps)
      : backOffMs(UNSTARTED_BACK_OFF, receiveCount, deps.random);
  return new Map(tasks.map((task) => [task.received, handBack(waitMs(task))]));
}

async function checkIn(
  inHand: HeldPermits,
  { tally, withheld, dispositions }: BatchResult,
  { writeUntilMs }: BatchTimes,
  { permits, breaker, clock, log }: VentilatorDeps,
): Promise<void> {
  const report = tally.takeReport(clock.nowMs());
  log.info("batch ended", { records: dispositions.size, epoch: report.epoch, ...countsOf(tally.total()) });
  try {
    const shard = await persist(clock, writeUntilMs, () => permits.checkIn(inHand, report, withheld));
    await breaker.consider({ shardIndex: inHand.shardIndex, shard, report });
    // A call of unknown fate may still be under way: its lease has to run out before another probe.
    if (inHand.isProbe && withheld.size === 0) await permits.endProbe(inHand);
  } catch (thrown) {
    log.error("permits could not be returned, they will run out", { cause: messageOf(thrown) });
  }
}

function ageOf(tasks: readonly Task[], { clock }: VentilatorDeps): { readonly oldestMessageAgeMs?: number } {
  const sentAtMs = tasks.flatMap(({ received }) => received.sentAtMs ?? []);
  return sentAtMs.length === 0 ? {} : { oldestMessageAgeMs: clock.nowMs() - Math.min(...sentAtMs) };
}

/** The number of each outcome that there is, for the log. */
function countsOf(evidence: Evidence): Partial<Evidence> {
  return Object.fromEntries(Object.entries(evidence).filter(([name, sum]) => /Count$/.test(name) && sum > 0));
}
