import type { Decision } from "@sluice/core/law";
import * as z from "zod";

/** An event of a breaker, as far as its provider's weather can be read from it. */
export interface ReplayedEvent {
  readonly atMs: number;
  /** The provider's id, where the event says whose it is. */
  readonly provider?: string;
  /** Only of an event that is a decision of the law in force. */
  readonly decision?: Decision;
}

const control = z.object({
  phase: z.enum(["closed", "open", "half-open"]),
  limit: z.number().min(1),
  epoch: z.number().min(0),
  reason: z.exactOptional(z.literal("environment")),
});

const count = z.exactOptional(z.number().min(0));

const seen = z.object({
  forMs: z.number().min(0),
  calls: count,
  faults: count,
  timeouts: count,
  throttled: count,
  held: count,
  holdMs: count,
  rejected: count,
  medianMs: count,
  sigma: count,
});

const decision = z.object({
  rule: z.string(),
  inputs: z.record(z.string(), z.union([z.number(), z.string()])),
  before: control,
  after: control,
  seen: z.exactOptional(seen),
});

/** Details are JSON text in the table, and a value elsewhere. */
const details = z.unknown().transform((value, context) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON" });
    return z.NEVER;
  }
});

const common = { id: z.string(), atMs: z.number(), provider: z.exactOptional(z.string()) };

/** Parses an event as plain JSON; DynamoDB's types are taken off before. */
export const replayedEventSchema: z.ZodType<ReplayedEvent> = z
  .discriminatedUnion("kind", [
    z.object({ ...common, kind: z.literal("decision"), details: details.pipe(decision) }),
    z.object({ ...common, kind: z.enum(["advice", "valve", "hold"]) }),
  ])
  .transform((event) => ({
    atMs: event.atMs,
    ...(event.provider !== undefined && { provider: event.provider }),
    ...(event.kind === "decision" && { decision: event.details }),
  }));
