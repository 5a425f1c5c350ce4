import { BATCH_SIZE_MAX } from "../aws-bounds.ts";
import { messageOf } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { BrowsableQueue, WholeMessage } from "../ports/queue.ts";
import { persist } from "../timing/persist.ts";

/** A walk over the messages of a queue. */
export interface Walk {
  readonly queue: BrowsableQueue;
  /** Time for which nobody else sees what the walk has seen, should it die; else it is given back at its end. */
  readonly hiddenForMs: number;
  /** Ends the walk after the messages that are being worked on. */
  readonly signal?: AbortSignal | undefined;
  readonly clock: Clock;
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
/** A message that comes so often shows that the walk is slower than what it has seen comes back. */
const SEEN_MAX = 3;

const CUT_SHORT: Walked = { isComplete: false, elsewhereCount: 0 };

/**
 * Walks over the messages that are to be seen, the oldest first. What stays is hidden until the end, so that each comes
 * once, and visible again then, in its old place: nothing is lost or reordered, however the walk ends.
 * @throws Unreachable, and whatever `visit` throws
 */
export async function walk({ queue, hiddenForMs, signal, clock, log, visit }: Walk): Promise<Walked> {
  /** Handles of what is to be given back, by id. */
  const kept = new Map<string, string>();
  const seenCounts = new Map<string, number>();
  try {
    while (!signal?.aborted) {
      const request = { maxCount: BATCH_SIZE_MAX, hiddenForMs };
      const messages = await persist(clock, clock.nowMs() + TRY_FOR_MS, () => queue.receive(request));
      if (messages.length === 0) {
        const { inFlightCount } = await queue.depth();
        const elsewhereCount = Math.max(0, inFlightCount - kept.size);
        return { isComplete: elsewhereCount === 0, elsewhereCount };
      }
      for (const { messageId, receiptHandle } of messages) {
        kept.set(messageId, receiptHandle);
        seenCounts.set(messageId, (seenCounts.get(messageId) ?? 0) + 1);
      }
      if (messages.some(({ messageId }) => (seenCounts.get(messageId) ?? 0) >= SEEN_MAX)) return CUT_SHORT;
      const fresh = messages.filter(({ messageId }) => seenCounts.get(messageId) === 1);
      const { stay, end } = fresh.length === 0 ? { stay: fresh } : await visit(fresh);
      for (const message of fresh) if (!stay.includes(message)) kept.delete(message.messageId);
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
