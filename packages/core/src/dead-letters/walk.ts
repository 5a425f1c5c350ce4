import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { messageOf } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { BrowsableQueue, WholeMessage } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import { persist } from "../timing/persist.ts";

/** A walk over the messages of a queue. */
export interface Walk {
  readonly queue: BrowsableQueue;
  /** Time for which nobody else sees what the walk has seen, should it die; else it is given back at its end. */
  readonly hiddenForMs: number;
  /**
   * Time after the last visit in which messages that others hide are waited for. What two walks at once have seen is divided among them: each gives
   * its own back while it waits, and the first to look again sees all.
   */
  readonly waitForOthersMs: number;
  /** Ends the walk after the messages that are being worked on. */
  readonly signal?: AbortSignal | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * Works on messages, each once in a walk; answers with those that stay in the queue. `end` ends the walk.
   * @throws what it likes: then all of them stay
   */
  visit(messages: readonly WholeMessage[]): Promise<Visited>;
}

/** The end of a visit. */
export interface Visited {
  readonly stay: readonly WholeMessage[];
  readonly end?: true;
}

/** The end of a walk. */
export interface Walked {
  /** There was nothing more to be seen. */
  readonly isComplete: boolean;
  /** Messages that were hidden by others meanwhile, and are not seen therefore; approximate on SQS. */
  readonly elsewhereCount: number;
}

/** Time for which a queue that can't be reached is tried again. */
const TRY_FOR_MS = 20_000;
/** Longest time between two looks for what others hide: a look at some dozens takes about half of it. */
const PAUSE_MAX_MS = 2_000;
/** A message that comes so often shows that the walk is slower than what it has seen comes back. */
const SEEN_MAX = 3;

const CUT_SHORT: Walked = { isComplete: false, elsewhereCount: 0 };

/**
 * Walks over the messages that are to be seen, the oldest first. What stays is hidden until the end, so that each comes
 * once, and visible again then, in its old place: nothing is lost or reordered, however the walk ends.
 * @throws Unreachable, and whatever `visit` throws
 */
export async function walk({ waitForOthersMs, random, ...wanted }: Walk): Promise<Walked> {
  const { clock, signal } = wanted;
  const visits: Visits = { visited: new Set(), stayed: new Set() };
  let untilMs = clock.nowMs() + waitForOthersMs;
  for (;;) {
    const visitedBefore = visits.visited.size;
    const walked = await walkOnce(wanted, visits);
    if (visits.visited.size > visitedBefore) untilMs = clock.nowMs() + waitForOthersMs;
    const leftMs = untilMs - clock.nowMs();
    if (walked.elsewhereCount === 0 || signal?.aborted || leftMs <= 0) return walked;
    await clock.sleep(Math.min(leftMs, PAUSE_MAX_MS * random.next()));
  }
}

/** The ids of messages that were visited, and of those of them that are in the queue still. */
interface Visits {
  readonly visited: Set<string>;
  readonly stayed: Set<string>;
}

async function walkOnce(
  { queue, hiddenForMs, signal, clock, log, visit }: Omit<Walk, "waitForOthersMs" | "random">,
  { visited, stayed }: Visits,
): Promise<Walked> {
  /** Handles of what is to be given back, by id. */
  const kept = new Map<string, string>();
  const seenCounts = new Map<string, number>();
  try {
    while (!signal?.aborted) {
      const request = { maxCount: BATCH_SIZE_MAX, hiddenForMs };
      const messages = await persist(clock, clock.nowMs() + TRY_FOR_MS, () => queue.receive(request));
      if (messages.length === 0) {
        const { visibleCount, inFlightCount } = await queue.depth();
        // Those that are visible were given back since the receive.
        const elsewhereCount = Math.max(0, visibleCount + inFlightCount - stayed.size);
        return { isComplete: elsewhereCount === 0, elsewhereCount };
      }
      for (const { messageId, receiptHandle } of messages) {
        kept.set(messageId, receiptHandle);
        seenCounts.set(messageId, (seenCounts.get(messageId) ?? 0) + 1);
      }
      if (messages.some(({ messageId }) => (seenCounts.get(messageId) ?? 0) >= SEEN_MAX)) return CUT_SHORT;
      const fresh = messages.filter(({ messageId }) => !visited.has(messageId));
      for (const { messageId } of fresh) visited.add(messageId);
      const { stay, end } = fresh.length === 0 ? { stay: fresh } : await visit(fresh);
      for (const message of fresh) {
        if (stay.includes(message)) stayed.add(message.messageId);
        else kept.delete(message.messageId);
      }
      if (end) return CUT_SHORT;
    }
    return CUT_SHORT;
  } finally {
    await giveBack([...kept.values()], { queue, clock, log });
  }
}

/** Makes messages visible again. Never throws: what can't be done now, time does. */
async function giveBack(
  handles: readonly string[],
  { queue, clock, log }: Pick<Walk, "queue" | "clock" | "log">,
): Promise<void> {
  for (let start = 0; start < handles.length; start += BATCH_SIZE_MAX) {
    const changes = handles
      .slice(start, start + BATCH_SIZE_MAX)
      .map((receiptHandle) => ({ receiptHandle, delayMs: 0 }));
    try {
      await persist(clock, clock.nowMs() + TRY_FOR_MS, () => queue.changeVisibility(changes));
    } catch (thrown) {
      const left = { messages: handles.length - start, cause: messageOf(thrown) };
      log.warn("messages that were looked at come back only when their time is up", left);
      return;
    }
  }
}
