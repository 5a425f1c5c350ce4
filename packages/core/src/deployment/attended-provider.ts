import type { Provider } from "../provider/provider.ts";

/** Most requests at once that a person can follow in a debugger. */
const ATTENDED_CONCURRENCY_MAX = 2;
/**
 * Times that leave room for a breakpoint, and for a stub to tell that no developer is attached, which takes
 * it 16 s: one that is cut off before looks like a crash. Longer ones would keep locked for longer what a
 * debugger held when it went away.
 */
const ATTENDED_TIMES = {
  callMs: 240_000,
  workerMs: 300_000,
  ventilatorMs: 390_000,
  visibilityMs: 420_000,
} as const;

/** The contract for an attended deployment. No time is shortened, so that its options still fit together. */
export function attended(provider: Provider): Provider {
  const { maxConcurrency, timeoutMs, worker, ventilator, queue } = provider;
  const { callMs, workerMs, ventilatorMs, visibilityMs } = ATTENDED_TIMES;
  return {
    ...provider,
    maxConcurrency: Math.min(ATTENDED_CONCURRENCY_MAX, maxConcurrency),
    timeoutMs: Math.max(timeoutMs, callMs),
    worker: { ...worker, timeoutMs: Math.max(worker.timeoutMs, workerMs) },
    ventilator: { ...ventilator, timeoutMs: Math.max(ventilator.timeoutMs, ventilatorMs) },
    queue: { ...queue, visibilityTimeoutMs: Math.max(queue.visibilityTimeoutMs, visibilityMs) },
  };
}
