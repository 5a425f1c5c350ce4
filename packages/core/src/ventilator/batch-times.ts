import { CLOCK_SKEW_MS } from "../permits/lease.ts";
import type { Provider } from "../provider/provider.ts";

/** Instants that bound the tasks of a batch. */
export interface BatchTimes {
  /** No record is taken up from then on: claim, call and completion might not fit any more. */
  readonly takeUpUntilMs: number;
  /** No worker is invoked from then on: it might outlive the ventilator, and with it the permit. */
  readonly invokeUntilMs: number;
  /** End of the batch's claims and permits: before, no other attempt may start one of its records. */
  readonly leaseUntilMs: number;
  /** End of the ventilator's own writes. */
  readonly writeUntilMs: number;
}

/** Writes end this long before the deadline, so that the answer is still given. */
const ANSWER_MS = 500;
/** The ventilator waits for a worker's end this much longer than the worker can live. */
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
