import * as z from "zod";
import type { AbortAfter } from "../ports/abort-after.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { InvokedTooLate, RequestUnreadable, StartMissed, WorkerCrashed } from "../worker/function-errors.ts";
import { type WorkerReply, workerReplySchema } from "../worker/reply.ts";
import { type WorkerRequest, workerRequestSchema } from "../worker/request.ts";
import type { FetchJob } from "./fetch-job.ts";
import { outcomeOf } from "./outcome-of.ts";

/** The parts and settings of a worker. */
export interface WorkerDeps {
  readonly clock: Pick<Clock, "nowMs">;
  readonly abortAfter: AbortAfter;
  readonly log: Log;
  /** The provider's: the longest time for a call. */
  readonly timeoutMs: number;
}

/**
 * Handles one invocation of a worker: parses the request, runs the job with a signal that ends in time, and answers
 * with a versioned reply.
 * @throws RequestUnreadable, InvokedTooLate, StartMissed before the job begins; WorkerCrashed after
 */
export async function handleRequest(
  event: unknown,
  fetchJob: FetchJob,
  { clock, abortAfter, log: workerLog, timeoutMs }: WorkerDeps,
): Promise<WorkerReply> {
  const request = parseRequest(event);
  const { recordId, payload, attempt, attemptId, runId, correlationId } = request;
  const log = workerLog.with({ recordId, runId, correlationId, attemptId });
  const signal = abortAfter(Math.min(timeoutMs, timeLeftMs(request, clock)));
  refuseIfMissed(request, clock);
  try {
    const call = () => fetchJob({ recordId, payload, attempt, signal, log });
    const outcome = await outcomeOf(call, signal, clock);
    log.debug("call ended", { ...outcome });
    // In the version of the request: a ventilator that can't read the reply would charge the record an attempt for it.
    return workerReplySchema.parse({ version: request.version, attemptId, outcome });
  } catch (bug) {
    // Whatever it is, and be it in the lines above: under another name it would pass for one of loading.
    throw new WorkerCrashed(bug);
  }
}

function parseRequest(event: unknown): WorkerRequest {
  const request = workerRequestSchema.safeParse(event);
  if (request.success) return request.data;
  throw new RequestUnreadable(z.prettifyError(request.error));
}

function refuseIfMissed({ startByMs }: WorkerRequest, clock: Pick<Clock, "nowMs">): void {
  if (startByMs === undefined) return;
  const nowMs = clock.nowMs();
  if (nowMs > startByMs) throw new StartMissed(startByMs, nowMs);
}

function timeLeftMs({ deadlineAtMs }: WorkerRequest, clock: Pick<Clock, "nowMs">): number {
  const leftMs = deadlineAtMs - clock.nowMs();
  if (leftMs <= 0) throw new InvokedTooLate(`the deadline passed ${-leftMs} ms ago`);
  return leftMs;
}
