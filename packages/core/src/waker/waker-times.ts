import type { Provider } from "../provider/provider.ts";

/** How often the waker is called: EventBridge knows nothing shorter than a minute. */
export const WAKE_EVERY_MS = 60_000;
/** A probe that is due within this time is waited for: the next round would be a minute later. */
export const WAIT_FOR_PROBE_MS = 55_000;
/** What a round needs besides waiting and calling: receives, claim, completion, decision, and valves to turn. */
const ROUND_MS = 20_000;
const LAMBDA_TIMEOUT_MAX_MS = 900_000;

/** How long a round may take: the wait for a probe, and the probe. */
export function wakerTimeoutMsOf({ worker, ventilator }: Provider): number {
  const neededMs = WAIT_FOR_PROBE_MS + worker.timeoutMs + ventilator.marginMs + ROUND_MS;
  return Math.min(LAMBDA_TIMEOUT_MAX_MS, Math.ceil(neededMs / 1_000) * 1_000);
}

/** Until when a probe must have begun so that it ends within the round. */
export function latestProbeAtMs({ worker, ventilator }: Provider, deadlineAtMs: number): number {
  return deadlineAtMs - worker.timeoutMs - ventilator.marginMs - ROUND_MS / 2;
}
