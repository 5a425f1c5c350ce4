import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** The settings of a pool of threads, and an ear for what they do. */
export interface ThreadPoolOptions<Request, Answer> {
  /** The module that each thread runs; it answers each message with one. */
  readonly body: URL;
  readonly threadCount: number;
  /** Stops all threads at once when it aborts. */
  readonly signal: AbortSignal;
  onStart?(request: Request): void;
  onEnd(request: Request, answer: Answer): void;
}

/**
 * Limits of a thread that simulates, which makes much that is soon forgotten: with less room for it, a third of the time
 * is spent on collecting it.
 */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 64 } as const;

/**
 * Runs requests on threads, in order as far as there are several. Ends when all are answered or the signal aborts, and
 * rejects with what a thread throws.
 */
export async function runOnThreads<Request, Answer>(
  requests: Iterable<Request>,
  { body, threadCount, signal, onStart, onEnd }: ThreadPoolOptions<Request, Answer>,
): Promise<void> {
  const left = requests[Symbol.iterator]();

  async function work(): Promise<void> {
    let next = left.next();
    if (next.done === true) return;
    const thread = new Worker(body, { resourceLimits: THREAD_LIMITS });
    try {
      for (; next.done !== true && !signal.aborted; next = left.next()) {
        onStart?.(next.value);
        thread.postMessage(next.value);
        const [answer] = await once(thread, "message", { signal });
        onEnd(next.value, answer as Answer);
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      await thread.terminate();
    }
  }

  await Promise.all(Array.from({ length: threadCount }, work));
}
