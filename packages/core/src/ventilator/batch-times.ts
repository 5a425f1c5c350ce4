import { VISIBILITY_TIMEOUT_MAX_MS } from "../aws-bounds.ts";
import { CLOCK_SKEW_MS } from "../permits/lease.ts";
import { ventilatorWorkMs } from "../provider/defaults.ts";
import type { Provider } from "../provider/provider.ts";

/** Instants that bound the tasks of a batch. */
export interface BatchTimes {
  /** No record is taken up from then on: claim, call and completion might not fit any more. */
  readonly takeUpUntilMs: number;
  /** No worker is invoked from then on: it might outlive the ventilator, and with it the permit. */
  readonly invokeUntilMs: number;
  /** No answer of a worker is waited for from then on. */
  readonly answeredUntilMs: number;
  /** End of the batch's permits: by then its last call is over. Completing it may take longer. */
  readonly permitsUntilMs: number;
  /** End of the batch's claims: before, no other attempt may start one of its records. */
  readonly leaseUntilMs: number;
  /** End of the ventilator's own writes. */
  readonly writeUntilMs: number;
  /** The answer is given then, whatever is still under way. */
  readonly answerAtMs: number;
  /** No message can be hidden for longer. */
  readonly hiddenUntilMaxMs: number;
  /** The ventilator is stopped then. */
  readonly deadlineAtMs: number;
}

/** A claim that takes longer than this comes too late: the margin is left to the writes after the call. */
const CLAIM_MS = 1_500;
/** Writes end this long before the deadline, so that permits and messages are still handed back. */
const HAND_BACK_MS = 500;
/** The answer is given this long before the deadline, after which it would not count. */
const ANSWER_MS = 250;
/** The ventilator waits for a worker's end at least this much longer than the worker may take from its first line on. */
const INVOKE_GRACE_MS = 1_000;
/**
 * A new environment may take this long before its first line, as AWS bounds it. While there is time it is waited for: a
 * worker that comes too late says so, and costs nothing; one that says nothing costs its record an attempt.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const INIT_MAX_MS = 10_000;
/** A wait that would end with SQS's 12 h is refused, by experience; a few seconds less are not. */
const VISIBILITY_MARGIN_MS = 10_000;

/** The instants of a batch that begins at `nowMs`, and whose ventilator is stopped at `deadlineAtMs`. */
export function batchTimesOf(
  { worker, ventilator, queue }: Provider,
  deadlineAtMs: number,
  nowMs: number,
): BatchTimes {
  const callMs = worker.timeoutMs + INVOKE_GRACE_MS;
  // A mapping that can't invoke at once keeps trying until its messages are visible again.
  const receivedAtMs = nowMs - Math.min(queue.visibilityTimeoutMs, VISIBILITY_TIMEOUT_MAX_MS / 2);
  const takeUpUntilMs = deadlineAtMs - worker.timeoutMs - ventilator.marginMs;
  const invokeUntilMs = Math.min(takeUpUntilMs + CLAIM_MS, deadlineAtMs - callMs - HAND_BACK_MS);
  return {
    takeUpUntilMs,
    invokeUntilMs,
    answeredUntilMs: invokeUntilMs + callMs,
    permitsUntilMs: invokeUntilMs + callMs + HAND_BACK_MS + CLOCK_SKEW_MS,
    writeUntilMs: deadlineAtMs - HAND_BACK_MS,
    leaseUntilMs: deadlineAtMs + CLOCK_SKEW_MS,
    answerAtMs: deadlineAtMs - ANSWER_MS,
    hiddenUntilMaxMs: receivedAtMs + VISIBILITY_TIMEOUT_MAX_MS - VISIBILITY_MARGIN_MS,
    deadlineAtMs,
  };
}

/**
 * The instants of a batch that has its permits from `nowMs` on, after a wait. They don't grow with the time that the
 * ventilator had for waiting, so that the permits and claims of one that dies run out soon.
 */
export function workTimesOf(provider: Provider, batch: BatchTimes, nowMs: number): BatchTimes {
  const { worker, ventilator } = provider;
  const workMs = ventilatorWorkMs(worker.timeoutMs, ventilator.marginMs);
  const times = batchTimesOf(provider, Math.min(batch.deadlineAtMs, nowMs + workMs), nowMs);
  return { ...times, hiddenUntilMaxMs: batch.hiddenUntilMaxMs };
}

/** The time for which a worker's answer is waited for that is invoked now, in ms. */
export function invokeWaitMs(
  { worker }: Pick<Provider, "worker">,
  { answeredUntilMs }: BatchTimes,
  nowMs: number,
): number {
  return Math.min(worker.timeoutMs + INIT_MAX_MS + INVOKE_GRACE_MS, answeredUntilMs - nowMs);
}
