import type { BreakerEvent } from "@sluice/core/ports";
import * as z from "zod";

/** A time for which an operator has held the provider, in epoch ms. */
export interface HeldSpan {
  /** The operator. */
  readonly by: string;
  readonly fromMs: number;
  /** The end that was ordered, or the instant at which another order ended it. */
  readonly untilMs: number;
}

const detailsSchema = z.object({
  given: z.exactOptional(
    z.object({
      hold: z.exactOptional(
        z.object({ id: z.string(), by: z.string(), fromMs: z.number(), untilMs: z.number() }),
      ),
    }),
  ),
  ended: z.object({ hold: z.exactOptional(z.object({ id: z.string() })) }),
});

/** The holds that operators have ordered, as the breaker's events tell of them. @throws ZodError */
export function heldSpans(events: readonly BreakerEvent[]): HeldSpan[] {
  const changes = events
    .filter(({ kind }) => kind === "order")
    .map(({ atMs, details }) => ({ atMs, ...detailsSchema.parse(details) }));
  const endedAtMs = new Map(
    changes.flatMap(({ atMs, ended }) => (ended.hold === undefined ? [] : [[ended.hold.id, atMs]])),
  );
  return changes.flatMap(({ atMs, given: { hold } = {} }) => {
    if (hold === undefined) return [];
    const { id, by, fromMs, untilMs } = hold;
    const span = {
      by,
      fromMs: Math.max(fromMs, atMs),
      untilMs: Math.min(untilMs, endedAtMs.get(id) ?? untilMs),
    };
    return span.fromMs < span.untilMs ? [span] : [];
  });
}
