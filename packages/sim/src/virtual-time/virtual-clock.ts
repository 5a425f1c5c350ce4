import { createHeap } from "./heap.ts";
import { stepInImmediates } from "./step-in-immediates.ts";
import type { Timer, TimerClock } from "./timer-clock.ts";

/** A clock whose time passes only in {@link VirtualClock.run}: in one leap from each timer to the next. */
export interface VirtualClock extends TimerClock {
  /**
   * Fires timers in the order of time, those of one instant in the order in which they were set, and lets all that a
   * timer sets off run to its next wait before the next one fires. Ends at `untilMs`, and earlier when no timer is left
   * or when told to stop. Rejects with whatever a timer throws.
   */
  run(untilMs: number): Promise<void>;
  /** Ends the run at the present instant. */
  stop(): void;
  /** Timers that have fired so far. */
  firedCount(): number;
}

interface Entry extends Timer {
  readonly atMs: number;
  readonly sequence: number;
  fire: (() => void) | undefined;
}

/** Makes a clock that stands at `startMs`. */
export function createVirtualClock(startMs: number): VirtualClock {
  const timers = createHeap<Entry>(isDueBefore);
  let nowMs = startMs;
  let sequence = 0;
  let liveCount = 0;
  let fired = 0;
  let isStopped = false;

  function at(atMs: number, fire: () => void): Timer {
    if (Number.isNaN(atMs)) throw new TypeError("a timer needs an instant, received NaN");
    sequence += 1;
    const entry: Entry = {
      atMs: Math.max(nowMs, atMs),
      sequence,
      fire,
      cancel: () => {
        if (entry.fire !== undefined) liveCount -= 1;
        entry.fire = undefined;
      },
    };
    timers.push(entry);
    liveCount += 1;
    return entry;
  }

  function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal === undefined) at(nowMs + durationMs, resolve);
      else if (signal.aborted) resolve();
      else wakeUnlessAborted((wake) => at(nowMs + durationMs, wake), signal, resolve);
    });
  }

  /** Fires the next timer; answers whether there was one to fire. */
  function step(untilMs: number): boolean {
    for (let next = timers.peek(); next !== undefined; next = timers.peek()) {
      if (next.atMs > untilMs || isStopped) return false;
      timers.pop();
      const { fire } = next;
      if (fire === undefined) continue;
      next.cancel();
      nowMs = next.atMs;
      fired += 1;
      fire();
      return true;
    }
    return false;
  }

  function run(untilMs: number): Promise<void> {
    isStopped = false;
    return stepInImmediates(
      () => step(untilMs),
      () => {
        if (!isStopped && liveCount > 0 && Number.isFinite(untilMs)) nowMs = Math.max(nowMs, untilMs);
      },
    );
  }

  return {
    nowMs: () => nowMs,
    sleep,
    at,
    run,
    stop: () => {
      isStopped = true;
    },
    firedCount: () => fired,
  };
}

function isDueBefore(one: Entry, other: Entry): boolean {
  return one.atMs === other.atMs ? one.sequence < other.sequence : one.atMs < other.atMs;
}

/** Calls `wake` once: when the timer fires or the signal aborts, whichever comes first. */
function wakeUnlessAborted(
  setTimer: (fire: () => void) => Timer,
  signal: AbortSignal,
  wake: () => void,
): void {
  const timer = setTimer(() => {
    // Signals live long: without this each sleep would leave a listener behind.
    signal.removeEventListener("abort", onAbort);
    wake();
  });
  function onAbort(): void {
    timer.cancel();
    wake();
  }
  signal.addEventListener("abort", onAbort, { once: true });
}
