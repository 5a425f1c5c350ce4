import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A thread that answers one request after the other. */
export interface Thread<Request, Answer> {
  /** Rejects with what the thread throws, and when the signal aborts. */
  answer(request: Request): Promise<Answer>;
  /** Stops it at once. */
  close(): Promise<void>;
}

/**
 * Limits of a thread that simulates, which makes much that is soon forgotten: with less room for it, a third of the time
 * is spent on collecting it.
 */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 64 } as const;

/**
 * Starts a thread.
 * @param body the module that it runs, which answers each message with one
 * @param signal ends the wait for an answer
 */
export function openThread<Request, Answer>(body: URL, signal: AbortSignal): Thread<Request, Answer> {
  const thread = new Worker(body, { resourceLimits: THREAD_LIMITS });
  return {
    async answer(request) {
      thread.postMessage(request);
      const [answer] = await once(thread, "message", { signal });
      return answer as Answer;
    },
    async close() {
      await thread.terminate();
    },
  };
}
