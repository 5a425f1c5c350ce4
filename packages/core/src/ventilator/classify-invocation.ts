import type { Invocation } from "../ports/worker-invoker.ts";
import type { Outcome } from "../worker/outcome.ts";
import { workerReplySchema } from "../worker/reply.ts";

/**
 * The outcome of an invocation. Only the worker's own reply to this very attempt can be a success; all else is
 * `unavailable`. The answer of a stub or of a foreign function counts as not started. One that names an attempt is a
 * worker's that ran, and may have called the provider: if it can't be read or names another attempt, it counts as
 * crashed, or a worker with such a bug would call for ever.
 */
export function classifyInvocation(invocation: Invocation, attemptId: string, slowAfterMs: number): Outcome {
  switch (invocation.kind) {
    case "refused":
    case "missed":
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
  const { attemptId: named } = Object(payload) as { readonly attemptId?: unknown };
  if (typeof named !== "string") {
    return { kind: "unavailable", fate: "unstarted", cause: "the answer is not a worker's reply" };
  }
  const flaw =
    named === attemptId ? "the worker's reply can't be read" : "the worker's reply is another attempt's";
  return { kind: "unavailable", fate: "crashed", cause: flaw };
}
