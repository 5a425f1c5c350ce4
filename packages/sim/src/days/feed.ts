import { EnqueueInterrupted, RunRefused, type Scheduler } from "@sluice/core/scheduler";
import { recordIdOf } from "../world/records.ts";
import type { DayParts } from "./day-parts.ts";
import { daySchedulerOf } from "./day-scheduler.ts";
import type { Load } from "./story.ts";

/** A run that was interrupted is resumed after this time, as its caller is told to. */
const RESUME_AFTER_MS = 60_000;
/** Most calls of the scheduler for a load that trickles in. */
const TRICKLE_CALLS_MAX = 200;

/** Enqueues the loads of a story when it is their time, through the production scheduler. */
export function startFeed(parts: DayParts): void {
  const { story, clock, startMs } = parts;
  const scheduler = daySchedulerOf(parts, "scheduler-0");
  for (const load of story.load) {
    for (const part of partsOf(load)) {
      clock.at(startMs + part.atMinute * 60_000, () => void enqueue(parts, scheduler, part));
      if (load.cancelAtMinute !== undefined) {
        clock.at(startMs + load.cancelAtMinute * 60_000, () => void cancel(parts, scheduler, part.run));
      }
    }
  }
}

/** The calls of the scheduler that a load is made of. */
function partsOf(load: Load): readonly Load[] {
  const { overMinutes, count, atMinute, firstRecord, run } = load;
  if (overMinutes === 0) return [load];
  const callCount = Math.min(TRICKLE_CALLS_MAX, count);
  return Array.from({ length: callCount }, (_, at): Load => {
    const [from, until] = [Math.floor((at * count) / callCount), Math.floor(((at + 1) * count) / callCount)];
    return {
      ...load,
      run: `${run}-${at}`,
      atMinute: atMinute + (at * overMinutes) / callCount,
      overMinutes: 0,
      firstRecord: firstRecord + from,
      count: until - from,
    };
  });
}

async function enqueue(parts: DayParts, scheduler: Scheduler, load: Load): Promise<void> {
  const { clock, emit } = parts;
  const { lane, run, firstRecord, count } = load;
  const recordIds = Array.from({ length: count }, (_, at) => recordIdOf(firstRecord + at));
  const deadline = deadlineOf(parts, load);
  try {
    await scheduler.enqueue(recordIds, { runId: run, lane, ...(deadline !== undefined && { deadline }) });
    emit({ kind: "accepted", lane, run, recordIds });
  } catch (thrown) {
    const isRefused = thrown instanceof RunRefused && load.cancelAtMinute !== undefined;
    // Nothing of it was accepted in time.
    if (isRefused || (deadline !== undefined && deadline <= clock.nowMs())) return;
    if (!(thrown instanceof EnqueueInterrupted || thrown instanceof RunRefused)) {
      emit({ kind: "threw", where: "enqueue", error: String(thrown) });
      return;
    }
    clock.at(clock.nowMs() + RESUME_AFTER_MS, () => void enqueue(parts, scheduler, load));
  }
}

function deadlineOf({ startMs }: DayParts, { atMinute, deadlineMinutes }: Load): number | undefined {
  return deadlineMinutes === undefined ? undefined : startMs + (atMinute + deadlineMinutes) * 60_000;
}

/** Cancels a run, again until the table can be had. */
async function cancel(parts: DayParts, scheduler: Scheduler, runId: string): Promise<void> {
  const { clock } = parts;
  try {
    await scheduler.cancel(runId);
  } catch {
    clock.at(clock.nowMs() + RESUME_AFTER_MS, () => void cancel(parts, scheduler, runId));
  }
}
