import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { Fetch } from "../ports/fetch-store.ts";
import { OUTCOME_KINDS } from "../worker/outcome.ts";

const rowSchema = z.object({
  provider: z.string(),
  day: z.string(),
  recordId: z.string(),
  status: z.enum(["fetching", "fetched", "failed", "dead"]),
  attempts: z.int(),
  attemptId: z.string(),
  leaseUntilMs: z.number(),
  runId: z.string(),
  correlationId: z.string(),
  history: z
    .array(
      z.object({
        attemptId: z.string(),
        startedAtMs: z.number(),
        endedAtMs: z.number(),
        outcome: z.enum(OUTCOME_KINDS),
        latencyMs: z.exactOptional(z.number()),
        cause: z.exactOptional(z.string()),
      }),
    )
    .default([]),
});

/** Parses a stored row. @throws StoredRowInvalid */
export function parseFetchRow(row: unknown): Fetch {
  const parsed = rowSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(row), z.prettifyError(parsed.error));
}
