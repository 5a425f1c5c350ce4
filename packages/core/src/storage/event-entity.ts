import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import type { BreakerEvent } from "../ports/event-store.ts";
import { jsonTextSchema } from "./json-text.ts";

/**
 * ElectroDB's model of an event. A partition holds one provider's UTC day, so that none grows without bound,
 * and is ordered by time; times are ISO text, which sorts by time.
 */
export const EVENT_MODEL = {
  model: { service: "sluice", entity: "event", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    day: { type: "string", required: true },
    time: { type: "string", required: true },
    id: { type: "string", required: true },
    atMs: { type: "number", required: true },
    kind: { type: ["decision", "advice", "valve", "hold", "order", "quota"], required: true },
    summary: { type: "string", required: true },
    /** JSON text. */
    details: { type: "string", required: true },
    /** The table's time to live. DynamoDB deletes late, so no rule rests on it. */
    expiresAtSeconds: { type: "number", required: true },
  },
  indexes: {
    byTime: {
      pk: { field: "pk", composite: ["provider", "day"], casing: "none" },
      sk: { field: "sk", composite: ["time", "id"], casing: "none" },
    },
  },
} as const;

const rowSchema: z.ZodType<BreakerEvent> = z.object({
  id: z.string(),
  atMs: z.number(),
  kind: z.enum(["decision", "advice", "valve", "hold", "order", "quota"]),
  summary: z.string(),
  details: jsonTextSchema,
});

/** Parses a stored event. @throws StoredRowInvalid */
export function parseEventRow(row: unknown): BreakerEvent {
  return parseStored(rowSchema, row);
}
