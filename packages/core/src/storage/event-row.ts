import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { BreakerEvent } from "../ports/event-store.ts";
import { jsonTextSchema } from "./json-text.ts";

const rowSchema: z.ZodType<BreakerEvent> = z.object({
  id: z.string(),
  atMs: z.number(),
  kind: z.enum(["decision", "advice", "valve", "hold"]),
  summary: z.string(),
  details: jsonTextSchema,
});

/** Parses a stored event. @throws StoredRowInvalid */
export function parseEventRow(row: unknown): BreakerEvent {
  const parsed = rowSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(row), z.prettifyError(parsed.error));
}
