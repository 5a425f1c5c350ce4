import type { Bench } from "../../bench/bench.ts";
import type { MadeQueue } from "../../ports/queues.ts";

/** Counts of the messages that a disabled mapping has left in its queue. */
export interface LeftBehind {
  readonly messages: number;
  /** Messages that were in flight, with nobody at work on them, when the mapping had fallen silent. */
  readonly hidden: number;
  /** Messages that had been received, and were never handed over. */
  readonly receivedInVain: number;
}

const WAIT_SECONDS = 1;
const RECEIVED_AT_ONCE = 10;

/**
 * Empties the queue of a mapping that is disabled and has fallen silent, and tells what was in it.
 * @param handedOver ids of the messages that the recorder was handed
 * @throws CallFailed, Interrupted
 */
export async function emptyQueue(
  { account, clock, timing, pause }: Bench,
  queue: MadeQueue,
  handedOver: ReadonlySet<string>,
): Promise<LeftBehind> {
  const { inFlight: hidden } = await account.queues.counts(queue);
  const receiveCounts = new Map<string, number>();
  // What is hidden comes back within a visibility timeout; a count of messages may lag.
  const untilMs = clock.nowMs() + 2_000 * timing.visibilitySeconds;
  let isEmpty = false;
  while (!isEmpty || (hidden > 0 && clock.nowMs() < untilMs)) {
    const received = await account.queues.receive(queue, {
      max: RECEIVED_AT_ONCE,
      waitSeconds: WAIT_SECONDS,
    });
    for (const { messageId, receiveCount } of received)
      receiveCounts.set(messageId, Math.max(receiveCount, receiveCounts.get(messageId) ?? 0));
    await Promise.all(received.map(({ handle }) => account.queues.delete(queue, handle)));
    isEmpty = received.length === 0;
    await pause(0);
  }
  const inVain = [...receiveCounts].filter(([id, count]) => count > 1 && !handedOver.has(id));
  return { messages: receiveCounts.size, hidden, receivedInVain: inVain.length };
}
