import { messageOf } from "../errors.ts";
import type { Evidence } from "../law/evidence.ts";
import type { CheckOut, HeldPermits } from "../permits/check-out.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { parseMessage } from "../records/message.ts";
import { backOffMs } from "../timing/back-off.ts";
import { persist } from "../timing/persist.ts";
import type { Batch, Task } from "./batch.ts";
import { type BatchTimes, batchTimesOf } from "./batch-times.ts";
import { checkOutPermits } from "./check-out-permits.ts";
import { discard } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { handBackMessages } from "./hand-back-messages.ts";
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
  const tasks = parsed.flatMap((each): Task[] =>
    each.kind === "message" ? [{ ...each, isProbe: batch.isProbe ?? false }] : [],
  );
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
  const wanted = Math.min(batch.fanOut, tasks.length);
  const checkingOut = checkOutPermits({ wanted, isProbe: batch.isProbe ?? false }, times, deps);
  const free = () => freeDoubtful(times, deps);
  const freeing = checkingOut.then(free, free);
  const dispositions = await runOnceLent(tasks, checkingOut, times, deps);
  await freeing;
  return dispositions;
}

async function runOnceLent(
  tasks: readonly Task[],
  checkingOut: Promise<CheckOut>,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<ReadonlyMap<ReceivedMessage, Disposition>> {
  try {
    const checkOut = await checkingOut;
    if (checkOut.kind !== "granted") return unstarted(tasks, checkOut, deps);
    const result = await runTasks(tasks, checkOut.permits, times, deps);
    deps.metrics.batch({
      evidence: result.tally.total(),
      latenciesMs: result.latenciesMs,
      ...ageOf(tasks, deps),
    });
    await checkIn(checkOut.permits, result, times, deps);
    return result.dispositions;
  } catch (thrown) {
    deps.log.error("batch could not be started", { records: tasks.length, cause: messageOf(thrown) });
    return unstarted(tasks, { kind: "full" }, deps);
  }
}

/** Frees permits that a check-out without an answer may have taken. Never throws: what can't be freed runs out. */
async function freeDoubtful(
  { writeUntilMs }: BatchTimes,
  { permits, clock, log }: VentilatorDeps,
): Promise<void> {
  try {
    await persist(clock, writeUntilMs, permits.freeDoubtful);
  } catch (thrown) {
    log.error("permits that may be taken could not be freed, they will run out", {
      cause: messageOf(thrown),
    });
  }
}

function unstarted(
  tasks: readonly Task[],
  checkOut: Exclude<CheckOut, { kind: "granted" }>,
  { clock, random }: VentilatorDeps,
): ReadonlyMap<ReceivedMessage, Disposition> {
  const reopensAtMs = checkOut.kind === "shut" ? checkOut.reopensAtMs : undefined;
  const shutForMs = reopensAtMs === undefined ? 0 : reopensAtMs - clock.nowMs();
  return new Map(
    tasks.map((task) => {
      const pauseMs = backOffMs(UNSTARTED_BACK_OFF, task.received.receiveCount, random);
      return [task.received, handBack(shutForMs + pauseMs)];
    }),
  );
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
    const write = () => permits.checkIn(inHand, report, withheld);
    const isRepeatable = withheld.size < inHand.leases.length;
    const shard = await (isRepeatable ? persist(clock, writeUntilMs, write) : write());
    await breaker.consider({ shardIndex: inHand.shardIndex, shard, report });
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
