/** The times and sizes of measurements. */
export interface Timing {
  /** Between two looks at a mapping's state, or at the journal: each look at a state is a request to Lambda's control plane. */
  readonly lookEveryMs: number;
  /** For which the recorder holds a batch under load. */
  readonly holdMs: number;
  /** After which what has not come is taken to come no more. */
  readonly quietMs: number;
  /** Longest wait for an update to show. */
  readonly showWithinMs: number;
  /** Times that each update is made. */
  readonly rounds: number;
  /** Messages that wait while a mapping is under load. */
  readonly backlog: number;
  /** A visibility timeout that is waited for; SQS knows whole seconds only. */
  readonly shortVisibilitySeconds: number;
  /** Of the queues: a function's timeout may not exceed it. */
  readonly visibilitySeconds: number;
  /** For which the growth of a mapping's concurrency is watched. */
  readonly rampMs: number;
  /** For which the recorder holds a batch meanwhile. */
  readonly rampHoldMs: number;
  /** The largest maximum concurrency that is tried. */
  readonly rampConcurrency: number;
}

/** For AWS, where an update takes tens of seconds. */
export const AWS_TIMING: Timing = {
  lookEveryMs: 1_000,
  holdMs: 1_000,
  quietMs: 20_000,
  showWithinMs: 180_000,
  rounds: 3,
  backlog: 300,
  shortVisibilitySeconds: 2,
  visibilitySeconds: 30,
  rampMs: 90_000,
  rampHoldMs: 1_000,
  rampConcurrency: 100,
};
