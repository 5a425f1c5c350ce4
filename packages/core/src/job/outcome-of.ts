import type { Clock } from "../ports/clock.ts";
import type { WorkerOutcome } from "../worker/reply.ts";
import { ProviderFault, ProviderThrottled, RecordRejected } from "./call-errors.ts";

/**
 * Runs a call and makes its end an outcome.
 * @param signal the call's own: an error after it has aborted is a timeout, unless the call names it otherwise
 * @throws any other error of the call as it is: a bug
 */
export async function outcomeOf(
  call: () => Promise<void>,
  signal: AbortSignal,
  clock: Pick<Clock, "nowMs">,
): Promise<WorkerOutcome> {
  const startedAtMs = clock.nowMs();
  // A clock that is set back must not make a reply that the ventilator refuses.
  const elapsedMs = () => Math.max(0, clock.nowMs() - startedAtMs);
  try {
    await call();
    return { kind: "ok", latencyMs: elapsedMs() };
  } catch (thrown) {
    const latencyMs = elapsedMs();
    if (thrown instanceof RecordRejected) return { kind: "rejected", latencyMs, cause: thrown.message };
    if (thrown instanceof ProviderFault) return { kind: "fault", latencyMs, cause: thrown.message };
    if (thrown instanceof ProviderThrottled) return throttled(thrown, latencyMs);
    if (signal.aborted) {
      return { kind: "fault", latencyMs, cause: `no answer within ${Math.round(latencyMs)} ms` };
    }
    throw thrown;
  }
}

function throttled({ message: cause, retryAfterMs }: ProviderThrottled, latencyMs: number): WorkerOutcome {
  const outcome = { kind: "throttled", latencyMs, cause } as const;
  return retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs };
}
