import type { Clock } from "../ports/clock.ts";

/** Tells a batch that has waited long enough for further records. */
export interface Linger {
  /** Times this batch, in place of one before it. */
  time(batch: object): void;
  isOver(batch: object): boolean;
  /** Stops the clock. */
  release(): void;
}

/**
 * Half of the longest wait of a record: one timer goes on from batch to batch, so that a batch may have begun to wait just
 * after the timer did.
 */
const LINGER_MS = 500;

/** Makes a linger that calls `onOver` as soon as a batch has waited long enough. */
export function createLinger(clock: Clock, onOver: () => void): Linger {
  const released = new AbortController();
  let timed: object | undefined;
  let timedAtMs = 0;
  let over: object | undefined;
  let isTicking = false;

  async function tick(): Promise<void> {
    isTicking = true;
    for (let waited: object | undefined; waited !== timed && !isLate(); ) {
      waited = timed;
      await clock.sleep(LINGER_MS, released.signal);
    }
    isTicking = false;
    over = timed;
    if (!released.signal.aborted) onOver();
  }

  /** Tells a timer that fired late, as in a process that was busy: the batch at hand has waited with it. */
  function isLate(): boolean {
    return clock.nowMs() - timedAtMs >= LINGER_MS;
  }

  return {
    time(batch) {
      if (batch !== timed) timedAtMs = clock.nowMs();
      timed = batch;
      if (!isTicking) void tick();
    },
    isOver: (batch) => batch === over,
    release: () => released.abort(),
  };
}
