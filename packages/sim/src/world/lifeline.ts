import type { Clock } from "@sluice/core/ports";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";

/**
 * The clock and the life of one execution environment: a killed one never wakes from a wait, so that nothing in it
 * happens any more, while what it has set off elsewhere goes on. A frozen one wakes when it thaws.
 */
export interface Lifeline {
  readonly clock: Clock;
  isAlive(): boolean;
  kill(): void;
  /** Lets nothing in it happen for a while. */
  freeze(durationMs: number): void;
  /** Waits for something outside; never ends once the environment is dead. */
  outlive<T>(outside: Promise<T>): Promise<T>;
}

/** Makes a lifeline whose clock is off by `skewMs`. */
export function createLifeline(clock: VirtualClock, skewMs: number): Lifeline {
  let isAlive = true;
  let frozenUntilMs = Number.NEGATIVE_INFINITY;

  function whenAwake(goOn: () => void): void {
    if (!isAlive) return;
    if (clock.nowMs() >= frozenUntilMs) goOn();
    else clock.at(frozenUntilMs, () => whenAwake(goOn));
  }

  function outlive<T>(outside: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      outside.then(
        (value) => whenAwake(() => resolve(value)),
        (thrown) => whenAwake(() => reject(thrown)),
      );
    });
  }

  function sleep(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      clock.at(clock.nowMs() + durationMs, () => whenAwake(resolve));
    });
  }

  return {
    clock: {
      // Like a host's clock, it knows whole milliseconds only.
      nowMs: () => Math.floor(clock.nowMs() + skewMs),
      sleep: (durationMs, signal) =>
        signal === undefined ? sleep(durationMs) : outlive(clock.sleep(durationMs, signal)),
    },
    isAlive: () => isAlive,
    kill: () => {
      isAlive = false;
    },
    freeze: (durationMs) => {
      frozenUntilMs = Math.max(frozenUntilMs, clock.nowMs() + durationMs);
    },
    outlive,
  };
}
