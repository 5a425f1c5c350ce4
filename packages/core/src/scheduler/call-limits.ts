import { Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import { deferred } from "../timing/deferred.ts";

/** Limits of the calls of a run, each of which may never be answered. */
export interface CallLimits {
  /**
   * Makes a call, and gives it up after `timeoutMs`, or when the run no longer waits; its signal then aborts.
   * @throws Unreachable if it is given up; every error of the call
   */
  keep<T>(timeoutMs: number, call: (signal: AbortSignal) => Promise<T>, service?: string): Promise<T>;
  /** Stops the clock. */
  release(): void;
}

/** A call under way. */
interface Limited {
  readonly atMs: number;
  giveUp(): void;
}

/**
 * Makes the limits of a run's calls. One timer serves them all: most are answered long before, and a timer for each would
 * cost as much as all else that a run does for a batch.
 * @param lastSignal aborts when the run no longer waits for any call
 */
export function createCallLimits(clock: Clock, lastSignal: AbortSignal): CallLimits {
  // No Set: as calls come and go it leaves tables behind, which keep one another, and their calls, from the quick GC.
  const underWay: Limited[] = [];
  let wakeAtMs = Number.POSITIVE_INFINITY;
  let timer = new AbortController();

  /** Wakes at the earliest limit, if that is before the one that the timer is set to. */
  function setTimer(atMs: number): void {
    if (atMs >= wakeAtMs) return;
    timer.abort();
    timer = new AbortController();
    wakeAtMs = atMs;
    void wake(atMs, timer.signal);
  }

  async function wake(atMs: number, signal: AbortSignal): Promise<void> {
    await clock.sleep(atMs - clock.nowMs(), signal);
    if (signal.aborted) return;
    wakeAtMs = Number.POSITIVE_INFINITY;
    for (const call of underWay) if (call.atMs <= clock.nowMs()) call.giveUp();
    for (const call of underWay) setTimer(call.atMs);
  }

  async function keep<T>(
    timeoutMs: number,
    call: (signal: AbortSignal) => Promise<T>,
    service = "the queue",
  ): Promise<T> {
    const given = new AbortController();
    const givenUp = deferred<never>();
    const limited: Limited = {
      atMs: clock.nowMs() + timeoutMs,
      giveUp() {
        givenUp.reject(new Unreachable(service, "no answer in time"));
        given.abort();
      },
    };
    underWay.push(limited);
    setTimer(limited.atMs);
    try {
      return await Promise.race([call(given.signal), givenUp.promise]);
    } finally {
      underWay.splice(underWay.indexOf(limited), 1);
    }
  }

  lastSignal.addEventListener("abort", () => {
    for (const call of underWay) call.giveUp();
  });

  return { keep, release: () => timer.abort() };
}
