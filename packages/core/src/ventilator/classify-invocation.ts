import type { Invocation } from "../ports/worker-invoker.ts";
import type { Outcome } from "../worker/outcome.ts";
import { workerReplySchema } from "../worker/reply.ts";

/**
 * The outcome of an invocation. Only the worker's own reply to this very attempt can be a success; the answer of a
 * stub, of a stale attempt or of a foreign function is `unavailable`, and counts as not started. One that echoes the
 * attempt but can't be read is a worker's that ran: it counts as crashed.
 */
export function classifyInvocation(invocation: Invocation, attemptId: string, slowAfterMs: number): Outcome {
  switch (invocation.kind) {
    case "refused":
      return { kind: "unavailable", fate: "unstarted", cause: invocation.cause };
    case "crashed":
    case "lost":
      return { kind: "unavailable", fate: invocation.kind, cause: invocation.cause };
    case "answered":
      return classifyAnswer(invocation.payload, attemptId, slowAfterMs);
  }
}

function classifyAnswer(payload: unknown, attemptId: string, slowAfterMs: number): Outcome {
  const reply = workerReplySchema.safeParse(payload);
  if (!reply.success || reply.data.attemptId !== attemptId) return notAReply(payload, attemptId);
  const { outcome } = reply.data;
  if (outcome.kind !== "ok") return outcome;
  return { kind: outcome.latencyMs > slowAfterMs ? "slow" : "ok", latencyMs: outcome.latencyMs };
}

function notAReply(payload: unknown, attemptId: string): Outcome {
  const { attemptId: echoed } = Object(payload) as { readonly attemptId?: unknown };
  return echoed === attemptId
    ? { kind: "unavailable", fate: "crashed", cause: "the worker's reply can't be read" }
    : { kind: "unavailable", fate: "unstarted", cause: "the answer is not this attempt's reply" };
}
