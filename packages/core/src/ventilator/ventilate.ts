import { messageOf } from "../errors.ts";
import type { CheckOut, Holding } from "../permits/permit-pool.ts";
import type { Queue, ReceivedMessage, VisibilityChange } from "../ports/queue.ts";
import { parseMessage } from "../records/message.ts";
import { backOffMs } from "../timing/back-off.ts";
import { persist } from "../timing/persist.ts";
import { checkOutPermits } from "./check-out-permits.ts";
import { sendDeadLetter } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ACKNOWLEDGE, type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { runTasks } from "./run-tasks.ts";
import { type BatchTimes, batchTimesOf, type Task } from "./task.ts";

/** One invocation of the ventilator. */
export interface Batch {
  readonly messages: readonly ReceivedMessage[];
  /** Where they came from. */
  readonly queue: Queue;
  /** When the ventilator itself is stopped. */
  readonly deadlineAtMs: number;
  /** Records in flight together. */
  readonly fanOut: number;
}

/**
 * Works through a batch of queue messages and returns the ids of those to hand back. It never throws: an error of
 * ours, of AWS or of the provider hands messages back, with a wait that fits its cause.
 */
export async function ventilate(batch: Batch, deps: VentilatorDeps): Promise<readonly string[]> {
  const times = batchTimesOf(deps.provider, batch.deadlineAtMs);
  const dispositions = new Map<ReceivedMessage, Disposition>();
  const tasks: Task[] = [];
  for (const received of batch.messages) {
    const parsed = parseMessage(received.body, deps.provider.id);
    if (parsed.kind === "message") tasks.push({ received, message: parsed.message });
    else dispositions.set(received, await discard(received, parsed.cause, times, deps));
  }
  for (const [task, disposition] of await runWithPermits(tasks, batch, times, deps)) {
    dispositions.set(task.received, disposition);
  }
  return handBackMessages(batch, dispositions, deps);
}

/** A message that is not ours goes to the dead-letter queue at once; if that fails, it comes again. */
async function discard(
  received: ReceivedMessage,
  cause: string,
  { writeUntilMs }: BatchTimes,
  { deadLetters, clock, log }: VentilatorDeps,
): Promise<Disposition> {
  const { messageId } = received;
  try {
    const letter = { cause, attempts: 0, deadLetteredAtMs: clock.nowMs() };
    await persist(clock, writeUntilMs, () => sendDeadLetter(deadLetters, received, letter));
    log.warn("message is malformed", { messageId, cause });
    return ACKNOWLEDGE;
  } catch (thrown) {
    log.error("dead letter could not be sent", { messageId, cause: messageOf(thrown) });
    return handBack();
  }
}

async function runWithPermits(
  tasks: readonly Task[],
  batch: Batch,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<ReadonlyMap<Task, Disposition>> {
  if (tasks.length === 0) return new Map();
  try {
    const wanted = Math.min(batch.fanOut, tasks.length);
    const checkOut = await checkOutPermits(wanted, times, deps);
    if (checkOut.kind !== "granted") return unstarted(tasks, checkOut, deps);
    const run = await runTasks(tasks, checkOut.holding, times, deps);
    await checkIn(checkOut.holding, run, times, deps);
    deps.log.info("batch ended", { records: tasks.length, ...run.observed });
    return run.dispositions;
  } catch (thrown) {
    deps.log.error("batch could not be started", { records: tasks.length, cause: messageOf(thrown) });
    return unstarted(tasks, { kind: "full" }, deps);
  }
}

function unstarted(
  tasks: readonly Task[],
  checkOut: Exclude<CheckOut, { kind: "granted" }>,
  { clock, random }: VentilatorDeps,
): ReadonlyMap<Task, Disposition> {
  const reopensAtMs = checkOut.kind === "shut" ? checkOut.reopensAtMs : undefined;
  const shutForMs = reopensAtMs === undefined ? 0 : reopensAtMs - clock.nowMs();
  return new Map(
    tasks.map((task) => {
      const pauseMs = backOffMs(UNSTARTED_BACK_OFF, task.received.receiveCount, random);
      return [task, handBack(shutForMs + pauseMs)];
    }),
  );
}

async function checkIn(
  holding: Holding,
  run: Awaited<ReturnType<typeof runTasks>>,
  { writeUntilMs }: BatchTimes,
  { permits, clock, log }: VentilatorDeps,
): Promise<void> {
  try {
    await persist(clock, writeUntilMs, () => permits.checkIn(holding, run.observed, run.withheld));
  } catch (thrown) {
    log.error("permits could not be returned, they will run out", { cause: messageOf(thrown) });
  }
}

/** Sets how long each message that is handed back stays hidden; where that fails, its visibility timeout decides. */
async function handBackMessages(
  batch: Batch,
  dispositions: ReadonlyMap<ReceivedMessage, Disposition>,
  { log }: VentilatorDeps,
): Promise<readonly string[]> {
  const returned = batch.messages.filter((received) => dispositions.get(received)?.kind !== "acknowledge");
  const changes = returned.flatMap((received): VisibilityChange[] => {
    const disposition = dispositions.get(received);
    if (disposition?.kind !== "hand-back" || disposition.visibleInMs === undefined) return [];
    return [{ receiptHandle: received.receiptHandle, delayMs: disposition.visibleInMs }];
  });
  try {
    if (changes.length > 0) await batch.queue.changeVisibility(changes);
  } catch (thrown) {
    log.warn("visibility could not be changed", { messages: changes.length, cause: messageOf(thrown) });
  }
  return returned.map(({ messageId }) => messageId);
}
