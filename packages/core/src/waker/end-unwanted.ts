import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { messageOf } from "../errors.ts";
import type { Queue, ReceivedMessage } from "../ports/queue.ts";
import { parseMessage } from "../records/message.ts";
import type { Task } from "../ventilator/batch.ts";
import { batchTimesOf } from "../ventilator/batch-times.ts";
import { handBackMessages } from "../ventilator/hand-back-messages.ts";
import { endUnwanted } from "../ventilator/no-start.ts";
import { noteEnds } from "../ventilator/note-ends.ts";
import { taskOf } from "../ventilator/task-of.ts";
import type { ProbeDeps } from "./probe-deps.ts";
import type { ReceivedCandidate } from "./receive-candidates.ts";

/** A batch's ends are noted within this time, or handed back: what comes behind it may be the probe. */
const NOTED_WITHIN_MS = 5_000;

/** The candidates of a batch whose messages had their end or were handed back. */
interface EndedBatch {
  readonly messages: readonly ReceivedMessage[];
  /** Ends could not be noted: the ledger is to be left alone for now. */
  readonly isCutShort: boolean;
}

/**
 * Ends the records among some candidates that nobody wants any more, ten at a time: thousands of a cancelled run may lie
 * before the first record that can be the probe. Never throws: what could not be ended comes again. Where the ledger can't
 * be had it stops, and at an instant in any case: the round has a probe to make.
 * @returns the candidates that are left
 */
export async function endUnwantedOf(
  candidates: readonly ReceivedCandidate[],
  deps: ProbeDeps,
  untilMs: number,
): Promise<readonly ReceivedCandidate[]> {
  const { clock } = deps;
  const idle = candidates.filter(({ standing }) => standing === "idle");
  const ended = new Set<ReceivedMessage>();
  let isCutShort = false;
  for (const [queue, ofQueue] of Map.groupBy(idle, (candidate) => candidate.queue)) {
    for (let first = 0; first < ofQueue.length; first += BATCH_SIZE_MAX) {
      if (isCutShort || clock.nowMs() >= untilMs) break;
      const tasks = ofQueue.slice(first, first + BATCH_SIZE_MAX).flatMap((one) => tasksOf(one, deps));
      const batch = await endAll(tasks, queue, untilMs, deps);
      for (const message of batch.messages) ended.add(message);
      isCutShort = batch.isCutShort;
    }
  }
  return candidates.filter(({ message }) => !ended.has(message));
}

function tasksOf({ message, lane }: ReceivedCandidate, { provider }: ProbeDeps): Task[] {
  const parsed = parseMessage(message.body, provider.id);
  return parsed.kind === "message" ? [taskOf(message, parsed.message, lane, provider)] : [];
}

/** Ends up to ten of one queue, as a batch does. */
async function endAll(
  tasks: readonly Task[],
  queue: Queue,
  untilMs: number,
  deps: ProbeDeps,
): Promise<EndedBatch> {
  const unwanted = await endUnwanted(tasks, deps);
  if (unwanted.size === 0) return { messages: [], isCutShort: false };
  const nowMs = deps.clock.nowMs();
  const writeUntilMs = Math.min(untilMs, nowMs + NOTED_WITHIN_MS);
  const times = { ...batchTimesOf(deps.provider, untilMs, nowMs), writeUntilMs };
  const left = await noteEnds(tasks, unwanted, times, deps);
  const dispositions = new Map([...unwanted, ...left]);
  await handBackMessages(dispositions, queue, times, deps);
  const done = [...dispositions].filter(([, { kind }]) => kind === "acknowledge");
  const deleted = await Promise.allSettled(done.map(([{ receiptHandle }]) => queue.delete(receiptHandle)));
  const refused = deleted.flatMap((each) => (each.status === "rejected" ? [messageOf(each.reason)] : []));
  // They come again, and are acknowledged then.
  if (refused.length > 0) deps.log.warn("messages that nobody wants could not be deleted", { refused });
  return { messages: [...dispositions.keys()], isCutShort: left.size > 0 };
}
