import { LAMBDA_TIMEOUT_MAX_MS, SCHEDULE_RATE_MIN_MS } from "../aws-bounds.ts";
import type { Provider } from "../provider/provider.ts";

/** Time between two rounds of the waker: EventBridge knows nothing shorter than a minute. */
export const WAKE_EVERY_MS: number = SCHEDULE_RATE_MIN_MS;
/** A probe that is due within this time is waited for, and the end of a pin: the next round would be a minute later. */
export const WAIT_WITHIN_ROUND_MS = 55_000;
/** A round waits so long for permits to be returned that move to other shards; the next one goes on. */
export const MOVE_WITHIN_MS = 20_000;
/** Behind a valve that is kept open ventilators probe; the waker steps in if none has come this long after. */
export const VENTILATORS_FIRST_MS = 4_000;
/** Time of a look, and of the turns of valves that it leads to. */
export const LOOK_MS = 10_000;
/** Time of a round besides waiting and calling: receives, claim, completion, decision, and valves to turn. */
const ROUND_MS = 20_000;

/** Longest time of a round: the wait for a probe, and the probe. */
export function wakerTimeoutMsOf({ worker, ventilator }: Provider): number {
  const neededMs = WAIT_WITHIN_ROUND_MS + worker.timeoutMs + ventilator.marginMs + ROUND_MS;
  return Math.min(LAMBDA_TIMEOUT_MAX_MS, Math.ceil(neededMs / 1_000) * 1_000);
}

/** Time of a probe besides its call: receives, claim, completion and decision. */
const PROBE_MS = ROUND_MS / 2;

/**
 * Instant at which a probe that begins now is stopped: not long after its call, so that a dead waker's lease is
 * short.
 */
export function probeDeadlineAtMs(
  { worker, ventilator }: Provider,
  nowMs: number,
  roundUntilMs: number,
): number {
  return Math.min(roundUntilMs, nowMs + worker.timeoutMs + ventilator.marginMs + PROBE_MS);
}

/** Latest instant at which a probe may begin so that it ends within a round that is stopped at `deadlineAtMs`. */
export function latestProbeAtMs({ worker, ventilator }: Provider, deadlineAtMs: number): number {
  return deadlineAtMs - worker.timeoutMs - ventilator.marginMs - PROBE_MS;
}
