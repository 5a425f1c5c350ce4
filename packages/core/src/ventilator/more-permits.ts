import { messageOf } from "../errors.ts";
import type { LeftWish } from "../permits/leave-wish.ts";
import type { Lane } from "../provider/lane.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import {
  askForPermits,
  createWorkTimes,
  type Full,
  fullPauseMaxMs,
  type Grant,
  type Need,
  permitWaitMs,
} from "./enter.ts";
import type { TaskList } from "./task-list.ts";

/** The tasks that nobody works through any more, and whether the gate has kept them out. */
export interface LeftTasks {
  readonly tasks: readonly Task[];
  readonly isShut: boolean;
}

/**
 * Works through a list of express tasks with the permits in hand, and asks for more for as long as some wait: no user is to
 * wait for the calls of others that happened to come in the same batch. Bulk batches don't ask, they lose nothing by
 * taking turns.
 * @param work works with one grant, and returns its permits
 */
export async function runWithMore<T>(
  list: TaskList,
  first: Grant,
  { wanted, lane }: Need,
  times: BatchTimes,
  deps: VentilatorDeps,
  work: (grant: Grant) => Promise<T>,
): Promise<{ readonly ends: readonly T[]; readonly left: LeftTasks }> {
  const ends: Promise<T>[] = [];
  let heldCount = 0;
  const begin = (grant: Grant) => {
    const count = grant.permits.leases.length;
    heldCount += count;
    const end = work(grant).finally(() => {
      heldCount -= count;
    });
    // It is awaited below, maybe after it has failed.
    end.catch(() => {});
    ends.push(end);
  };
  const isEnough = first.permits.leases.length >= list.count();
  list.join();
  begin(first);
  const missingCount = () => Math.min(wanted - heldCount, list.count());
  let isShut = false;
  try {
    if (!isEnough) isShut = await askWhileWaiting(list, missingCount, lane, begin, times, deps);
  } catch (thrown) {
    deps.log.error("no more permits could be asked for", { cause: messageOf(thrown) });
  }
  const left = { tasks: list.leave(), isShut };
  // If one fails the others still have records in flight: those are not to be handed back meanwhile.
  await Promise.allSettled(ends);
  return { ends: await Promise.all(ends), left };
}

/** Asks for the permits that are missing until no task waits, nobody lends any, or the gate is shut: then true. */
async function askWhileWaiting(
  list: TaskList,
  missingCount: () => number,
  lane: Lane,
  begin: (grant: Grant) => void,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<boolean> {
  const { clock, ids, random, permits, provider } = deps;
  const work = createWorkTimes(times, deps);
  let holderId = ids.next();
  let left: LeftWish | undefined;
  let full: Full = { kind: "full" };
  let sinceMs = clock.nowMs();
  let isShut = false;
  while (list.count() > 0 && !isShut) {
    const waitedMs = clock.nowMs() - sinceMs;
    const pauseMs = fullPauseMaxMs(true, full, waitedMs) * (0.5 + random.next());
    if (waitedMs >= permitWaitMs(provider) || clock.nowMs() + pauseMs >= times.takeUpUntilMs) break;
    await clock.sleep(pauseMs);
    const wanted = missingCount();
    if (wanted <= 0) {
      sinceMs = clock.nowMs();
      continue;
    }
    const asked = { wanted, holderId, lane, isRepeated: true, ...(left && { left }) };
    const { entry, unreachable } = await askForPermits(asked, work(), deps);
    isShut = entry.kind === "shut";
    if (entry.kind === "full") full = entry;
    if (entry.kind === "full" && unreachable === undefined) left = entry.left;
    if (entry.kind !== "granted") continue;
    left = undefined;
    holderId = ids.next();
    sinceMs = clock.nowMs();
    begin(entry);
  }
  if (left !== undefined) await permits.withdraw(left);
  return isShut;
}
