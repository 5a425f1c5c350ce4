import type { BreakerEvent, EventStore } from "@sluice/core/ports";
import * as z from "zod";

/** Events that a page asks for at most. */
const COUNT_MAX = 500;

const querySchema = z.object({
  sinceMs: z.coerce.number().min(0),
  count: z.coerce.number().int().min(1).max(COUNT_MAX),
  beforeMs: z.exactOptional(z.coerce.number().int().min(0)),
  beforeId: z.exactOptional(z.string()),
});

/**
 * Reads some events, newest first, for a list that is scrolled: from its top, or on from the last one that it has. Undefined
 * for a query that is none. @throws Unreachable, StoredRowInvalid
 */
export async function readEventPage(
  query: unknown,
  events: EventStore,
): Promise<readonly BreakerEvent[] | undefined> {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) return undefined;
  const { sinceMs, count, beforeMs, beforeId = "" } = parsed.data;
  const before = beforeMs === undefined ? undefined : { atMs: beforeMs, id: beforeId };
  return events.latest({ sinceMs, count, before });
}
