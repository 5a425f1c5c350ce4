import * as z from "zod";
import { WORKER_CONTRACT_VERSION } from "./request.ts";

/** The outcome as the worker has it, before the ventilator judges it. `latencyMs` is the provider's alone. */
export type WorkerOutcome =
  | { readonly kind: "ok"; readonly latencyMs: number }
  | { readonly kind: "fault"; readonly latencyMs: number; readonly cause: string }
  | {
      readonly kind: "throttled";
      readonly latencyMs: number;
      readonly cause: string;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: "rejected"; readonly latencyMs: number; readonly cause: string };

/** A worker's reply. It counts only if it echoes the attempt id of the request. */
export interface WorkerReply {
  readonly version: typeof WORKER_CONTRACT_VERSION;
  readonly attemptId: string;
  readonly outcome: WorkerOutcome;
}

const latencyMs = z.number().min(0);
const cause = z.string();
const retryAfterMs = z.exactOptional(z.int().min(0));

/** Parses the answer of an invocation; one that it refuses is not a worker's reply. */
export const workerReplySchema: z.ZodType<WorkerReply> = z.strictObject({
  version: z.literal(WORKER_CONTRACT_VERSION),
  attemptId: z.string().min(1),
  outcome: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("ok"), latencyMs }),
    z.strictObject({ kind: z.literal("fault"), latencyMs, cause }),
    z.strictObject({ kind: z.literal("throttled"), latencyMs, cause, retryAfterMs }),
    z.strictObject({ kind: z.literal("rejected"), latencyMs, cause }),
  ]),
});
