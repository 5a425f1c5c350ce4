import { openThread } from "./open-thread.ts";

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
    const thread = openThread<Request, Answer>(body, signal);
    try {
      for (; next.done !== true && !signal.aborted; next = left.next()) {
        onStart?.(next.value);
        onEnd(next.value, await thread.answer(next.value));
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      await thread.close();
    }
  }

  await Promise.all(Array.from({ length: threadCount }, work));
}
