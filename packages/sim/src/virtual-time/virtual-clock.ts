import type { Clock } from "@sluice/core/ports";
import { createHeap } from "./heap.ts";

/** Time that passes only while {@link VirtualClock.run} runs: from one timer to the next, in no time at all. */
export interface VirtualClock extends Clock {
  /** Calls `fire` at an instant, or as soon as time passes if the instant is over. */
  at(atMs: number, fire: () => void): Timer;
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

/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void;
}

interface Entry extends Timer {
  readonly atMs: number;
  readonly sequence: number;
  fire: (() => void) | undefined;
}

/**
 * Node drains microtasks after each immediate, but a turn of its event loop costs microseconds: so many are queued per
 * turn, each of which fires one timer.
 */
const IMMEDIATES_PER_TURN = 256;

/** Makes a clock that stands at `startMs`. */
export function createVirtualClock(startMs: number): VirtualClock {
  const timers = createHeap<Entry>(isBefore);
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
      else sleepUnlessAborted(durationMs, signal, resolve);
    });
  }

  function sleepUnlessAborted(durationMs: number, signal: AbortSignal, resolve: () => void): void {
    const timer = at(nowMs + durationMs, () => {
      // Signals live long: without this each sleep would leave a listener behind.
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    function onAbort(): void {
      timer.cancel();
      resolve();
    }
    signal.addEventListener("abort", onAbort, { once: true });
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
    return new Promise((resolve, reject) => {
      let queuedCount = 0;
      let isOver = false;
      let problem: { readonly thrown: unknown } | undefined;

      function turn(): void {
        queuedCount = IMMEDIATES_PER_TURN;
        for (let count = 0; count < IMMEDIATES_PER_TURN; count += 1) setImmediate(onImmediate);
      }

      function onImmediate(): void {
        queuedCount -= 1;
        try {
          isOver = isOver || !step(untilMs);
        } catch (thrown) {
          problem = { thrown };
          isOver = true;
        }
        if (queuedCount > 0) return;
        if (!isOver) turn();
        else if (problem === undefined) end();
        else reject(problem.thrown);
      }

      function end(): void {
        if (!isStopped && liveCount > 0 && Number.isFinite(untilMs)) nowMs = Math.max(nowMs, untilMs);
        resolve();
      }

      turn();
    });
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

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs === other.atMs ? one.sequence < other.sequence : one.atMs < other.atMs;
}
