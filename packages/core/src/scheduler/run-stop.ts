import type { Clock } from "../ports/clock.ts";

/** The early end of a run: its caller aborts it, or the queue refuses. */
export interface RunStop {
  /** Aborts at the first reason to stop, which is its `reason`: nothing more is read or sent. */
  readonly signal: AbortSignal;
  /** Aborts a second later: nothing is waited for any more. */
  readonly lastSignal: AbortSignal;
  stop(cause: unknown): void;
  /** Lets go of the caller's signal and of the clock, at the run's end. */
  release(): void;
}

/** Time that calls under way get after a run was stopped, or its queue given up: far more than SQS takes for one. */
export const LAST_CALL_MS = 1_000;

/** Makes the stop of a run, which the caller's signal sets off, too. */
export function createRunStop(clock: Clock, callerSignal: AbortSignal | undefined): RunStop {
  const stopped = new AbortController();
  const over = new AbortController();
  const released = new AbortController();

  function stop(cause: unknown): void {
    if (stopped.signal.aborted) return;
    stopped.abort(cause);
    void clock.sleep(LAST_CALL_MS, released.signal).then(() => over.abort());
  }

  function stopAsToldByCaller(): void {
    stop(callerSignal?.reason);
  }

  callerSignal?.addEventListener("abort", stopAsToldByCaller);
  if (callerSignal?.aborted === true) stopAsToldByCaller();

  return {
    signal: stopped.signal,
    lastSignal: over.signal,
    stop,
    release() {
      callerSignal?.removeEventListener("abort", stopAsToldByCaller);
      released.abort();
    },
  };
}
