import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import { jsonTextSchema } from "./json-text.ts";

/**
 * ElectroDB's model of a breaker's memory: the law's state, and the notes on each valve. The values are JSON
 * text, because only their readers know their shape.
 */
export const BREAKER_MODEL = {
  model: { service: "sluice", entity: "breaker", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    /** `law`, or `valve/` and the name of the queue. */
    part: { type: "string", required: true },
    /** Number of commits so far. */
    version: { type: "number", required: true },
    json: { type: "string", required: true },
  },
  indexes: {
    byPart: {
      pk: { field: "pk", composite: ["provider"], casing: "none" },
      sk: { field: "sk", composite: ["part"], casing: "none" },
    },
  },
} as const;

/** A committed value, and the number of commits up to it. */
export interface BreakerRow {
  readonly version: number;
  readonly json: unknown;
}

const rowSchema: z.ZodType<BreakerRow> = z.object({ version: z.int().min(1), json: jsonTextSchema });

/** Parses a stored row. @throws StoredRowInvalid */
export function parseBreakerRow(row: unknown): BreakerRow {
  return parseStored(rowSchema, row);
}
