import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import type { Log } from "@sluice/core/ports";
import {
  WORKER_CONTRACT_VERSION,
  type WorkerOutcome,
  type WorkerReply,
  type WorkerRequest,
  workerReplySchema,
  workerRequestSchema,
} from "@sluice/core/worker";
import { workerEnvironment } from "../function-environment.ts";
import { ProviderFault, ProviderThrottled, RecordRejected } from "./call-errors.ts";

/** One attempt for one record, as a worker sees it. */
export interface WorkerJob {
  readonly recordId: string;
  /** The JSON value that the scheduler enqueued with the record. */
  readonly payload: unknown;
  /** 1 for the first start of this record on this provider day. */
  readonly attempt: number;
  /** Aborts when the call has taken too long. No request may outlive it: hand it to every call. */
  readonly signal: AbortSignal;
  /** Carries the record, run and correlation id. */
  readonly log: Log;
}

/**
 * A worker's own part: fetches one record, and stores it where it belongs. Returning is success. Any other error than
 * these is a bug of the worker, and counts as a crash.
 * @throws ProviderFault, ProviderThrottled, RecordRejected
 */
export type FetchJob = (job: WorkerJob) => Promise<void>;

/** Makes a worker's Lambda handler: it parses the request, bounds the call and answers with a versioned reply. */
export function defineWorker(fetchJob: FetchJob): (event: unknown) => Promise<WorkerReply> {
  const { provider } = workerEnvironment();
  const workerLog = createPowertoolsLog("worker", { provider: provider.id });
  return async (event) => {
    const request = workerRequestSchema.parse(event);
    const { recordId, payload, attempt, attemptId, runId, correlationId } = request;
    const log = workerLog.with({ recordId, runId, correlationId, attemptId });
    const signal = AbortSignal.timeout(callTimeMs(request, provider.timeoutMs));
    const startedAtMs = performance.now();
    const outcome = await outcomeOf(
      () => fetchJob({ recordId, payload, attempt, signal, log }),
      () => performance.now() - startedAtMs,
      signal,
    );
    log.debug("call ended", { ...outcome });
    return workerReplySchema.parse({ version: WORKER_CONTRACT_VERSION, attemptId, outcome });
  };
}

/** An invocation so late that its permit has ended: it must not call the provider at all. */
class InvokedTooLate extends Error {
  override readonly name = "InvokedTooLate";
}

function callTimeMs(request: WorkerRequest, timeoutMs: number): number {
  const leftMs = request.deadlineAtMs - Date.now();
  if (leftMs <= 0) throw new InvokedTooLate(`the deadline passed ${-leftMs} ms ago`);
  return Math.min(timeoutMs, leftMs);
}

async function outcomeOf(
  call: () => Promise<void>,
  elapsedMs: () => number,
  signal: AbortSignal,
): Promise<WorkerOutcome> {
  try {
    await call();
    return { kind: "ok", latencyMs: elapsedMs() };
  } catch (thrown) {
    const latencyMs = elapsedMs();
    if (thrown instanceof RecordRejected) return { kind: "rejected", latencyMs, cause: thrown.message };
    if (thrown instanceof ProviderFault) return { kind: "fault", latencyMs, cause: thrown.message };
    if (thrown instanceof ProviderThrottled) return throttled(thrown, latencyMs);
    if (signal.aborted)
      return { kind: "fault", latencyMs, cause: `no answer within ${Math.round(latencyMs)} ms` };
    throw thrown;
  }
}

function throttled({ message: cause, retryAfterMs }: ProviderThrottled, latencyMs: number): WorkerOutcome {
  const outcome = { kind: "throttled", latencyMs, cause } as const;
  return retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs };
}
