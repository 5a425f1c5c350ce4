import * as z from "zod";

/**
 * Version of the request and of the reply; both sides of a deploy must understand it. A field that the other side can do
 * without may be added under the same version: readers ignore what they don't know. A field that is needed, a new kind of
 * outcome or another meaning is a new version.
 */
export const WORKER_CONTRACT_VERSION = 1;

/** A request of the ventilator to a worker: one start for one record. */
export interface WorkerRequest {
  readonly version: typeof WORKER_CONTRACT_VERSION;
  /** Must come back in the reply: an answer without it does not count as the worker's own. */
  readonly attemptId: string;
  readonly provider: string;
  readonly recordId: string;
  readonly payload?: unknown;
  /** 1 for the first start of this record on this provider day. */
  readonly attempt: number;
  readonly runId: string;
  readonly correlationId: string;
  /** No request may be in flight at the provider after this instant: the permit ends. */
  readonly deadlineAtMs: number;
  /** No call is begun later than this, on the worker's clock: a quota may have no room then. Absent without quotas. */
  readonly startByMs?: number;
}

/** Parses the event of a worker's Lambda; fields beyond these are a later version's, and are ignored. */
export const workerRequestSchema: z.ZodType<WorkerRequest> = z.object({
  version: z.literal(WORKER_CONTRACT_VERSION),
  attemptId: z.string().min(1),
  provider: z.string().min(1),
  recordId: z.string().min(1),
  payload: z.exactOptional(z.unknown()),
  attempt: z.int().min(1),
  runId: z.string().min(1),
  correlationId: z.string().min(1),
  deadlineAtMs: z.int(),
  startByMs: z.exactOptional(z.number()),
});
