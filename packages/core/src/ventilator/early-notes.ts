import type { ReceivedMessage } from "../ports/queue.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { Disposition } from "./disposition.ts";
import { noteEnds } from "./note-ends.ts";

/** The ends of a batch's records that are noted while calls of others go on. */
export interface EarlyNotes {
  /** Takes the end of a task; it is noted together with those that come within a second. */
  add(task: Task, disposition: Disposition): void;
  /** Answers with the messages whose ends are noted, once no write is under way; the others are left to the batch's end. */
  end(): Promise<ReadonlySet<ReceivedMessage>>;
}

/** Ends that come within this time are one write; those of a batch that is over by then are noted by it. */
const TOGETHER_MS = 1_000;
/** A write is tried again for so long; what it can't note is noted at the batch's end. */
const TRY_FOR_MS = 5_000;

/**
 * Makes the early notes of a batch: whoever waits for a run learns of its end soon, whatever the calls of others that happened
 * to come in the same batch take.
 */
export function createEarlyNotes(
  { writeUntilMs }: Pick<BatchTimes, "writeUntilMs">,
  deps: Pick<VentilatorDeps, "ledger" | "log" | "random" | "clock">,
): EarlyNotes {
  const { clock } = deps;
  const ended = new AbortController();
  const noted = new Set<ReceivedMessage>();
  let waiting = new Map<Task, Disposition>();
  let noting: Promise<void> | undefined;

  async function noteSoon(): Promise<void> {
    while (waiting.size > 0 && !ended.signal.aborted) {
      await clock.sleep(TOGETHER_MS, ended.signal);
      if (!ended.signal.aborted) await noteWaiting();
    }
    noting = undefined;
  }

  async function noteWaiting(): Promise<void> {
    const tasks = [...waiting.keys()];
    const dispositions = new Map([...waiting].map(([{ received }, end]) => [received, end] as const));
    waiting = new Map();
    const untilMs = Math.min(writeUntilMs, clock.nowMs() + TRY_FOR_MS);
    const left = await noteEnds(tasks, dispositions, { writeUntilMs: untilMs }, deps);
    for (const { received } of tasks) if (!left.has(received)) noted.add(received);
  }

  return {
    add(task, disposition) {
      if (disposition.kind !== "acknowledge") return;
      waiting.set(task, disposition);
      noting ??= noteSoon();
    },
    async end() {
      ended.abort();
      await noting;
      return noted;
    },
  };
}
