import * as z from "zod";
import { LAMBDA_TIMEOUT_MAX_MS } from "../aws-bounds.ts";
import { boundedCause } from "../records/cause.ts";
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
const cause = z.string().transform(boundedCause);
const retryAfterMs = z.exactOptional(z.int().min(0));

/**
 * Parses the answer of an invocation; one that it refuses is not a worker's reply. The worker parses its own before it
 * sends it. No reply is refused for a number: JSON makes null of one that is not finite; nor for a field that it has
 * beyond these, which a later version may add.
 */
export const workerReplySchema: z.ZodType<WorkerReply> = z.object({
  version: z.literal(WORKER_CONTRACT_VERSION),
  attemptId: z.string().min(1),
  outcome: z.preprocess(
    withUsableTimes,
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("ok"), latencyMs }),
      z.object({ kind: z.literal("fault"), latencyMs, cause }),
      z.object({ kind: z.literal("throttled"), latencyMs, cause, retryAfterMs }),
      z.object({ kind: z.literal("rejected"), latencyMs, cause }),
    ]),
  ),
});

/** The outcome with a latency that can be added up, 0 for one that is none, and without a wait that is none. */
function withUsableTimes(outcome: unknown): unknown {
  if (typeof outcome !== "object" || outcome === null) return outcome;
  const { retryAfterMs: askedMs, ...usable } = outcome as { latencyMs?: unknown; retryAfterMs?: unknown };
  if ("latencyMs" in usable) usable.latencyMs = usableMs(usable.latencyMs, LAMBDA_TIMEOUT_MAX_MS) ?? 0;
  const waitMs = usableMs(askedMs, Number.MAX_SAFE_INTEGER);
  return waitMs === undefined ? usable : { ...usable, retryAfterMs: Math.round(waitMs) };
}

function usableMs(durationMs: unknown, maxMs: number): number | undefined {
  if (typeof durationMs !== "number" || Number.isNaN(durationMs)) return undefined;
  return Math.min(maxMs, Math.max(0, durationMs));
}
