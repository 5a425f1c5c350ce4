import type { Clock } from "@sluice/core/ports";

/** A clock that also calls back at an instant, so that the same models run on virtual and on real time. */
export interface TimerClock extends Clock {
  /** Calls `fire` at an instant, or as soon as time passes if the instant is over. */
  at(atMs: number, fire: () => void): Timer;
}

/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void;
}
