import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { CaseRun } from "./run-case.ts";
import type { CaseRequest } from "./thread.ts";

/** The settings of a pool of threads, and an ear for its runs. */
export interface ThreadPoolOptions {
  readonly threadCount: number;
  /** Stops all threads at once when it aborts. */
  readonly signal: AbortSignal;
  onStart(request: CaseRequest): void;
  onEnd(request: CaseRequest, run: CaseRun): void;
}

/**
 * Runs requests on threads, in order as far as there are several. Ends when all are answered or the signal aborts, and
 * rejects with what a thread throws.
 */
export async function runOnThreads(
  requests: readonly CaseRequest[],
  { threadCount, signal, onStart, onEnd }: ThreadPoolOptions,
): Promise<void> {
  let next = 0;

  async function work(): Promise<void> {
    const thread = new Worker(new URL("./thread.ts", import.meta.url));
    try {
      for (let request = requests[next]; request !== undefined && !signal.aborted; request = requests[next]) {
        next += 1;
        onStart(request);
        thread.postMessage(request);
        const [run] = await once(thread, "message", { signal });
        onEnd(request, run as CaseRun);
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      await thread.terminate();
    }
  }

  await Promise.all(Array.from({ length: Math.min(threadCount, requests.length) }, work));
}
