import { messageOf } from "../errors.ts";
import type { ClaimRequest, FetchKey } from "../ports/fetch-store.ts";
import type { Invocation } from "../ports/worker-invoker.ts";
import { providerDay } from "../provider/day.ts";
import { boundedCause } from "../records/cause.ts";
import type { Outcome } from "../worker/outcome.ts";
import { WORKER_CONTRACT_VERSION, type WorkerRequest } from "../worker/request.ts";
import type { GrantedAttempt, Task, TaskResult } from "./batch.ts";
import { type BatchTimes, invokeWaitMs } from "./batch-times.ts";
import { classifyInvocation } from "./classify-invocation.ts";
import { faultsOfDayBefore } from "./day-before.ts";
import { buryExhausted } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ended, handBack } from "./disposition.ts";
import { joinAttempt } from "./join-attempt.ts";
import { endWithoutStart } from "./no-start.ts";
import { settle } from "./settle.ts";

/**
 * Fetches one record, once on its provider day: claims it, and runs an attempt if the claim is granted.
 * @throws Unreachable if the store could not be asked; nothing was started then
 */
export async function fetchRecord(task: Task, times: BatchTimes, deps: VentilatorDeps): Promise<TaskResult> {
  const { provider, fetches, clock, ids } = deps;
  const { received, message } = task;
  const unstarted = await endWithoutStart(task, deps);
  if (unstarted !== undefined) return { disposition: unstarted };
  const nowMs = clock.nowMs();
  const key = fetchKeyOf(message.recordId, deps);
  const claim: ClaimRequest = {
    ...key,
    attemptId: ids.next(),
    runId: message.runId,
    correlationId: message.correlationId,
    nowMs,
    leaseUntilMs: times.leaseUntilMs,
    maxAttempts: provider.maxAttempts,
    isRedriven: received.isRedriven,
    ...(task.isFree && { isFree: true }),
  };
  const claimed = await fetches.claim(claim);
  switch (claimed.kind) {
    case "claimed": {
      const { kind: _, ...granted } = claimed;
      const { attempt, firstRejectedAtMs } = granted;
      const result = await runAttempt({ task, claim, times, ...granted }, deps);
      const faults = granted.faults ?? (await earlierFaults(task, result, deps));
      return {
        ...result,
        attempt,
        ...(faults !== undefined && { faults }),
        ...(firstRejectedAtMs !== undefined && { firstRejectedAtMs }),
      };
    }
    case "fetched":
      return { disposition: ended(claimed.runId === message.runId ? "fetched" : "fetchedBefore") };
    case "dead":
      return { disposition: ended("dead", claimed.cause) };
    case "in-flight":
      return { disposition: await joinAttempt(task, key, claimed, deps) };
    case "exhausted":
      return { disposition: await buryExhausted(task, key, claimed, times, deps) };
  }
}

/** The key of a record's row today. */
export function fetchKeyOf(
  recordId: string,
  { provider, clock }: Pick<VentilatorDeps, "provider" | "clock">,
): FetchKey {
  return { provider: provider.id, day: providerDay(provider.timeZone, clock.nowMs()), recordId };
}

/**
 * The faults on the day before of a record whose first one of the day this is: they are asked for where it matters whom it
 * speaks of. Never throws: without them it speaks of the provider.
 */
async function earlierFaults(
  task: Task,
  { outcome }: TaskResult,
  deps: VentilatorDeps,
): Promise<TaskResult["faults"]> {
  if (outcome?.kind !== "fault") return undefined;
  try {
    const faults = await faultsOfDayBefore(task, deps);
    return faults.length === 0 ? undefined : faults;
  } catch (thrown) {
    deps.log.warn("a record's day before could not be looked at", { cause: messageOf(thrown) });
    return undefined;
  }
}

/** Invokes the worker for a claimed record, waits for its end and records the outcome. */
async function runAttempt(granted: GrantedAttempt, deps: VentilatorDeps): Promise<TaskResult> {
  const { provider, clock, log } = deps;
  const { attemptId, recordId, runId, correlationId, nowMs: startedAtMs } = granted.claim;
  const names = { recordId, runId, correlationId, attemptId, attempt: granted.attempt };
  const invocation = await invokeInTurn(granted, deps);
  const outcome = withBoundedCause(classifyInvocation(invocation, attemptId, provider.slowAfterMs));
  log.debug("attempt ended", { ...names, ...outcome });
  try {
    const ended = { ...granted, outcome, startedAtMs, endedAtMs: clock.nowMs() };
    const disposition = await settle(ended, deps);
    // It says nothing of the provider, nor of workers that can't begin.
    return invocation.kind === "missed" ? { disposition } : { outcome, disposition };
  } catch (thrown) {
    // The row still says fetching: no attempt is granted before the lease has run out.
    log.error("attempt could not be recorded", { ...names, outcome: outcome.kind, cause: messageOf(thrown) });
    return { outcome, disposition: handBack() };
  }
}

/** The outcome with a cause that logs, row and dead letter can take, whatever worker or provider have said. */
function withBoundedCause(outcome: Outcome): Outcome {
  return "cause" in outcome ? { ...outcome, cause: boundedCause(outcome.cause) } : outcome;
}

/** Times that a start is tried again which was too late for the quotas: a new worker is too late once. */
const TURNS_MAX = 3;

async function invokeInTurn(granted: GrantedAttempt, deps: VentilatorDeps): Promise<Invocation> {
  const { place } = granted.task;
  if (place === undefined) return invoke(granted, deps);
  let invocation: Invocation = { kind: "missed", cause: "the claim took too long", workerReadMs: 0 };
  for (let turns = 0; turns < TURNS_MAX && (await place.hold()); turns += 1) {
    place.use();
    invocation = await invoke(granted, deps);
    if (invocation.kind !== "missed") return invocation;
    place.missed(invocation.workerReadMs);
  }
  return invocation;
}

async function invoke(
  granted: GrantedAttempt,
  { provider, worker, clock }: VentilatorDeps,
): Promise<Invocation> {
  const nowMs = clock.nowMs();
  if (nowMs > granted.times.invokeUntilMs) return { kind: "refused", cause: "the claim took too long" };
  const request = requestOf(granted, provider.id, nowMs + provider.worker.timeoutMs);
  return worker.invoke(request, invokeWaitMs(provider, granted.times, nowMs));
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
    ...(task.place && { startByMs: task.place.startByMs() }),
  };
}
