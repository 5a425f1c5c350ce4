import { messageOf } from "../errors.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { parseMessage } from "../records/message.ts";
import { backOffMs } from "../timing/back-off.ts";
import { persist } from "../timing/persist.ts";
import { quantumOf } from "../valve/mapping-shape.ts";
import type { Batch, Task } from "./batch.ts";
import { type BatchParts, partsOfBatch } from "./batch-parts.ts";
import { type BatchTimes, batchTimesOf } from "./batch-times.ts";
import { checkIn } from "./check-in.ts";
import { discard } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import { type Entry, enter, type Grant, type Need, type NoEntry } from "./enter.ts";
import { type Dispositions, handBackMessages } from "./hand-back-messages.ts";
import { runWithMore } from "./more-permits.ts";
import { endUnwanted } from "./no-start.ts";
import { noteEnds } from "./note-ends.ts";
import { untilReopenedMs } from "./reopening.ts";
import { type BatchResult, type RunOptions, runTasks } from "./run-tasks.ts";
import { createTaskList, type TaskList } from "./task-list.ts";
import { taskOf } from "./task-of.ts";
import { tellReceives } from "./tell-receives.ts";

/**
 * Works through a batch of queue messages and returns the ids of those to hand back. It never throws: an error of
 * Sluice's, of AWS's or of the provider's hands messages back, with a wait that fits its cause. It answers before its
 * deadline, whatever a service does.
 */
export async function ventilate(batch: Batch, deps: VentilatorDeps): Promise<readonly string[]> {
  const times = batchTimesOf(deps.provider, batch.deadlineAtMs, deps.clock.nowMs());
  tellReceives(batch.messages, deps);
  const parsed = batch.messages.map((received) => ({
    received,
    ...parseMessage(received.body, deps.provider.id),
  }));
  const lane = batch.isUrgent ? "express" : "records";
  const tasks = parsed.flatMap((each): Task[] =>
    each.kind === "message" ? [taskOf(each.received, each.message, lane, deps.provider)] : [],
  );
  const malformed = parsed.flatMap((each) => (each.kind === "malformed" ? [each] : []));
  const parts = partsOfBatch(batch, times, deps);
  const [ended, discarded] = await Promise.all([
    runWanted(tasks, batch, times, parts),
    discardAll(malformed, times, parts),
  ]);
  const noted = await parts.earlyNotes.end();
  const unnoted = tasks.filter(({ received }) => !noted.has(received));
  const [left] = await Promise.all([noteEnds(unnoted, ended, times, parts.deps), parts.jointNotes.end()]);
  await handBackMessages(left, parts.queue, times, parts.deps);
  await parts.end();
  const dispositions: Dispositions = new Map([...ended, ...discarded, ...left]);
  const returned = batch.messages.filter((received) => dispositions.get(received)?.kind !== "acknowledge");
  return returned.map(({ messageId }) => messageId);
}

/** Ends what nobody wants any more without a permit: it is no matter for the gate. The others are run. */
async function runWanted(
  tasks: readonly Task[],
  batch: Batch,
  times: BatchTimes,
  parts: BatchParts,
): Promise<Dispositions> {
  const unwanted = await endUnwanted(tasks, parts.deps);
  const wanted = tasks.filter(({ received }) => !unwanted.has(received));
  await handBackMessages(unwanted, parts.queue, times, parts.deps);
  return new Map([...unwanted, ...(await runWithPermits(wanted, batch, times, parts))]);
}

async function runWithPermits(
  tasks: readonly Task[],
  batch: Batch,
  times: BatchTimes,
  parts: BatchParts,
): Promise<Dispositions> {
  if (tasks.length === 0) return new Map();
  const fanOut = parts.lane === "express" ? tasks.length : Math.min(batch.fanOut, tasks.length);
  const { permits, quotas, clock } = parts.deps;
  const spacedFanOut = quotas?.permitsFor(fanOut, tasks.length, permits.knownLimit(clock.nowMs()));
  const wanted = Math.min(spacedFanOut ?? fanOut, tasks.length);
  const need = { wanted, lane: parts.lane };
  const entering = enter(tasks, need, times, parts.deps);
  const free = () => freeDoubtful(times, parts.deps);
  const freeing = entering.then(free, free);
  const dispositions = await runOnceEntered(tasks, need, entering, batch, times, parts);
  await freeing;
  return dispositions;
}

async function runOnceEntered(
  tasks: readonly Task[],
  need: Need,
  entering: Promise<Entry>,
  batch: Batch,
  times: BatchTimes,
  parts: BatchParts,
): Promise<Dispositions> {
  const { deps, queue } = parts;
  const left = async (reason: NoEntry) => {
    const dispositions = unstarted(tasks, reason, deps);
    await handBackMessages(dispositions, queue, times, deps);
    return dispositions;
  };
  try {
    const entry = await entering;
    switch (entry.kind) {
      case "granted": {
        const list = createTaskList(tasks);
        const { ended, shutOut } =
          parts.lane === "express"
            ? await runExpress(list, entry, need, times, parts)
            : await run(list, entry, parts);
        return new Map([...ended, ...(await runWithPermits(shutOut, batch, times, parts))]);
      }
      case "probe": {
        const { ended } = await run(createTaskList([entry.task]), entry, parts);
        const rest = tasks.filter(({ received }) => received !== entry.task.received);
        return new Map([...ended, ...(await runWithPermits(rest, batch, times, parts))]);
      }
      default:
        return left(entry);
    }
  } catch (thrown) {
    deps.log.error("batch could not be started", { records: tasks.length, cause: messageOf(thrown) });
    return left({ kind: "full" });
  }
}

/**
 * Says loudly that workers could not begin: messages come again without an end meanwhile, and no count of attempts
 * stops that.
 */
function tellUnstarted({ unstarted, dispositions }: BatchResult, { log }: VentilatorDeps): void {
  const { count, cause } = unstarted;
  if (count > 0) log.error("workers can't begin", { unstarted: count, records: dispositions.size, cause });
}

async function discardAll(
  malformed: readonly { readonly received: ReceivedMessage; readonly cause: string }[],
  times: BatchTimes,
  { deps, queue }: BatchParts,
): Promise<Dispositions> {
  const discarding = malformed.map(
    async ({ received, cause }) => [received, await discard(received, cause, times, deps)] as const,
  );
  const discarded = new Map(await Promise.all(discarding));
  await handBackMessages(discarded, queue, times, deps);
  return discarded;
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

/** The end of tasks that were worked through; those that a shut gate kept out may wait there, without permits. */
interface RunEnd {
  readonly ended: Dispositions;
  readonly shutOut: readonly Task[];
}

/** Runs express tasks with the permits in hand and with more as they are to be had, each for no longer than a bulk batch. */
async function runExpress(
  list: TaskList,
  first: Grant,
  need: Need,
  times: BatchTimes,
  parts: BatchParts,
): Promise<RunEnd> {
  const { deps, queue } = parts;
  // A turn that one grant has reserved is to be made by any: an instant that passes is lost, and so is a start of the day.
  const turns = deps.quotas?.turnsOf(need.lane, deps.permits.knownLimit(deps.clock.nowMs()));
  const options = {
    mostPerPermit: quantumOf(deps.provider),
    returnsEarly: true,
    ...(turns && { turns }),
  };
  const { ends, left } = await runWithMore(list, first, need, times, deps, (grant) =>
    run(list, grant, parts, options),
  ).finally(() => turns?.end().catch(() => {}));
  await freeDoubtful(times, deps);
  const handedBack = new Map(left.isShut ? [] : left.tasks.map(({ received }) => [received, handBack(0)]));
  await handBackMessages(handedBack, queue, times, deps);
  return {
    ended: new Map([...ends.flatMap(({ ended }) => [...ended]), ...handedBack]),
    shutOut: [...ends.flatMap(({ shutOut }) => shutOut), ...(left.isShut ? left.tasks : [])],
  };
}

/**
 * Runs the tasks of a list, and hands back permits and messages side by side: neither waits for the other, nor for the
 * breaker.
 */
async function run(
  list: TaskList,
  { permits, times }: Pick<Grant, "permits" | "times">,
  { deps, queue, lane, earlyNotes, jointNotes }: BatchParts,
  options: Omit<RunOptions, "lane" | "onEnd"> = {},
): Promise<RunEnd> {
  const onEnd: RunOptions["onEnd"] = (task, disposition) => {
    jointNotes.add(task, disposition);
    if (lane === "express") earlyNotes.add(task, disposition);
  };
  const result = await runTasks(list, permits, times, deps, { ...options, lane, onEnd });
  const { dispositions: ended, tally, latenciesMs, unstarted, shutOut, endPlaces } = result;
  deps.metrics.batch({
    evidence: tally.total(),
    latenciesMs,
    unstartedCount: unstarted.count,
    ...ageOf([...ended.keys(), ...shutOut.map(({ received }) => received)], deps),
  });
  tellUnstarted(result, deps);
  await Promise.all([
    checkIn(permits, result, times, deps),
    handBackMessages(ended, queue, times, deps),
    endPlaces?.(),
  ]);
  return { ended, shutOut };
}

function unstarted(tasks: readonly Task[], reason: NoEntry, deps: VentilatorDeps): Dispositions {
  const waitMs = ({ received: { receiveCount } }: Task) =>
    reason.kind === "shut"
      ? untilReopenedMs(reason, deps)
      : backOffMs(UNSTARTED_BACK_OFF, receiveCount, deps.random);
  return new Map(tasks.map((task) => [task.received, handBack(waitMs(task))]));
}

function ageOf(
  messages: readonly ReceivedMessage[],
  { clock }: VentilatorDeps,
): { readonly oldestMessageAgeMs?: number } {
  const sentAtMs = messages.flatMap((received) => received.sentAtMs ?? []);
  return sentAtMs.length === 0 ? {} : { oldestMessageAgeMs: clock.nowMs() - Math.min(...sentAtMs) };
}
