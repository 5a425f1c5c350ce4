import type { TimerClock } from "../virtual-time/timer-clock.ts";
import type { FifoContents } from "./fifo-contents.ts";
import type { FifoMessage } from "./fifo-message.ts";

/** Receives that wait for messages while a queue has none to give, served in the order in which they began. */
export interface LongPoll {
  /** Resolves with what is visible, at once or as soon as something is; after its wait with nothing. */
  receive(maxMessages: number, options?: ReceiveOptions): Promise<readonly FifoMessage[]>;
  /** Serves the receives that wait; to be called after each change that may let messages be seen. */
  serve(): void;
}

/** A receive; each option that is left out has a default. */
export interface ReceiveOptions {
  /** By default {@link LONG_POLL_MS}. */
  readonly waitMs?: number;
  /** By default the queue's. */
  readonly visibilityTimeoutMs?: number;
  /** Ends the wait, with nothing. */
  readonly signal?: AbortSignal;
}

/**
 * The longest wait that SQS knows: fewer empty receives.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export const LONG_POLL_MS: number = 20_000;

interface Waiter {
  take(): readonly FifoMessage[];
  resolve(messages: readonly FifoMessage[]): void;
}

/** Starts without a receive. */
export function createLongPoll(clock: TimerClock, contents: FifoContents): LongPoll {
  const waiters = new Set<Waiter>();
  let armedAtMs = Number.POSITIVE_INFINITY;

  async function receive(maxMessages: number, options: ReceiveOptions = {}): Promise<readonly FifoMessage[]> {
    const { waitMs = LONG_POLL_MS, visibilityTimeoutMs, signal } = options;
    const take = () => contents.take(maxMessages, visibilityTimeoutMs);
    const taken = take();
    if (taken.length > 0 || waitMs === 0 || signal?.aborted) return taken;
    return new Promise((resolve) => {
      const waiter = { take, resolve: finish };
      const end = () => finish([]);
      const timer = clock.at(clock.nowMs() + waitMs, end);
      signal?.addEventListener("abort", end, { once: true });
      function finish(messages: readonly FifoMessage[]): void {
        timer.cancel();
        signal?.removeEventListener("abort", end);
        waiters.delete(waiter);
        resolve(messages);
      }
      waiters.add(waiter);
      arm();
    });
  }

  function serve(): void {
    for (const waiter of waiters) {
      const taken = waiter.take();
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
