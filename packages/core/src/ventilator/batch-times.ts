import type { Provider } from "../provider/provider.ts";

/** Instants that bound the tasks of a batch. */
export interface BatchTimes {
  /** From then on no record is taken up: claim, call and completion might not fit any more. */
  readonly takeUpUntilMs: number;
  /** From then on no worker is invoked: it might outlive the ventilator, and with it the permit. */
  readonly invokeUntilMs: number;
  /** Until then claims and permits hold; nobody else may start the record before. */
  readonly leaseUntilMs: number;
  /** Until then the ventilator itself can write. */
  readonly writeUntilMs: number;
}

/** Clocks of two hosts differ by at most this much; a lease outlives its holder by it. */
const CLOCK_SKEW_MS = 2_000;
/** Writes end this long before the deadline, so that the answer is still given. */
const ANSWER_MS = 500;
/** Waiting for a worker's end goes on this much longer than the worker can live. */
export const INVOKE_GRACE_MS = 1_000;

/** The instants of a batch whose ventilator is stopped at `deadlineAtMs`. */
export function batchTimesOf({ worker, ventilator }: Provider, deadlineAtMs: number): BatchTimes {
  const callMs = worker.timeoutMs + INVOKE_GRACE_MS;
  return {
    takeUpUntilMs: deadlineAtMs - worker.timeoutMs - ventilator.marginMs,
    invokeUntilMs: deadlineAtMs - callMs - ANSWER_MS,
    writeUntilMs: deadlineAtMs - ANSWER_MS,
    leaseUntilMs: deadlineAtMs + CLOCK_SKEW_MS,
  };
}
