import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import type { FifoContents } from "./fifo-contents.ts";
import type { FifoMessage } from "./fifo-message.ts";

/** Receives that wait for messages while a queue has none to give, served in the order in which they began. */
export interface LongPoll {
  /** Resolves with what is visible, at once or as soon as something is; after {@link LONG_POLL_MS} with nothing. */
  receive(maxMessages: number): Promise<readonly FifoMessage[]>;
  /** Serves the receives that wait; to be called after each change that may let messages be seen. */
  serve(): void;
}

/**
 * The longest wait that SQS knows: fewer empty receives.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
const LONG_POLL_MS = 20_000;

interface Waiter {
  readonly maxMessages: number;
  readonly resolve: (messages: readonly FifoMessage[]) => void;
}

/** Starts without a receive. */
export function createLongPoll(clock: VirtualClock, contents: FifoContents): LongPoll {
  const waiters = new Set<Waiter>();
  let armedAtMs = Number.POSITIVE_INFINITY;

  async function receive(maxMessages: number): Promise<readonly FifoMessage[]> {
    const taken = contents.take(maxMessages);
    if (taken.length > 0) return taken;
    return new Promise((resolve) => {
      const waiter = { maxMessages, resolve: finish };
      const timer = clock.at(clock.nowMs() + LONG_POLL_MS, () => finish([]));
      function finish(messages: readonly FifoMessage[]): void {
        timer.cancel();
        waiters.delete(waiter);
        resolve(messages);
      }
      waiters.add(waiter);
      arm();
    });
  }

  function serve(): void {
    for (const waiter of waiters) {
      const taken = contents.take(waiter.maxMessages);
      if (taken.length === 0) break;
      waiter.resolve(taken);
    }
    arm();
  }

  /** Serves again when the next message becomes visible. */
  function arm(): void {
    const nextAtMs = contents.nextRevealAtMs();
    if (waiters.size === 0 || nextAtMs >= armedAtMs) return;
    armedAtMs = nextAtMs;
    clock.at(nextAtMs, () => {
      armedAtMs = Number.POSITIVE_INFINITY;
      serve();
    });
  }

  return { receive, serve };
}
