import { messageOf } from "../errors.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { WORKER_CONTRACT_VERSION, type WorkerRequest } from "../worker/request.ts";
import { INVOKE_GRACE_MS } from "./batch-times.ts";
import { classifyInvocation } from "./classify-invocation.ts";
import type { VentilatorDeps } from "./deps.ts";
import { handBack } from "./disposition.ts";
import { settle } from "./settle.ts";
import type { GrantedAttempt, TaskResult } from "./task.ts";

/** Starts the worker for a claimed record, waits for its end and records what came of it. */
export async function runAttempt(granted: GrantedAttempt, deps: VentilatorDeps): Promise<TaskResult> {
  const { provider, clock, log } = deps;
  const { attemptId, recordId, runId, correlationId, nowMs: startedAtMs } = granted.claim;
  const names = { recordId, runId, correlationId, attemptId, attempt: granted.attempt };
  const outcome = classifyInvocation(await invoke(granted, deps), attemptId, provider.slowAfterMs);
  log.debug("attempt ended", { ...names, ...outcome });
  try {
    const ended = { ...granted, outcome, startedAtMs, endedAtMs: clock.nowMs() };
    return { outcome, disposition: await settle(ended, deps) };
  } catch (thrown) {
    // The row still says fetching: nobody starts the record again before the lease has run out.
    log.error("attempt could not be recorded", { ...names, outcome: outcome.kind, cause: messageOf(thrown) });
    return { outcome, disposition: handBack() };
  }
}

async function invoke(
  granted: GrantedAttempt,
  { provider, worker, clock }: VentilatorDeps,
): Promise<Invocation> {
  const nowMs = clock.nowMs();
  if (nowMs > granted.times.invokeUntilMs) return { kind: "refused", cause: "the claim took too long" };
  const request = requestOf(granted, provider.id, nowMs + provider.worker.timeoutMs);
  return worker.invoke(request, provider.worker.timeoutMs + INVOKE_GRACE_MS);
}

function requestOf(
  { task, claim, attempt }: GrantedAttempt,
  provider: string,
  deadlineAtMs: number,
): WorkerRequest {
  const { attemptId, recordId, runId, correlationId } = claim;
  const { payload } = task.message;
  return {
    version: WORKER_CONTRACT_VERSION,
    attemptId,
    provider,
    recordId,
    ...(payload === undefined ? {} : { payload }),
    attempt,
    runId,
    correlationId,
    deadlineAtMs,
  };
}
