import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import type { QuotaState } from "../ports/quota-store.ts";

/** ElectroDB's model of what a provider's quotas have left: one item, far below a write unit's size. */
export const QUOTA_MODEL = {
  model: { service: "sluice", entity: "quota", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    freeFromMs: { type: "number" },
    intervalMs: { type: "number" },
    day: { type: "string" },
    dayKind: { type: "string" },
    usedCount: { type: "number" },
    earlierCount: { type: "number" },
    reservedAtMs: { type: "number" },
    toldDay: { type: "string" },
  },
  indexes: {
    byProvider: {
      pk: { field: "pk", composite: ["provider"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;

const rowSchema: z.ZodType<QuotaState> = z.object({
  freeFromMs: z.number().min(0).default(0),
  intervalMs: z.number().min(0).default(0),
  day: z.string().default(""),
  dayKind: z.string().default(""),
  usedCount: z.number().default(0),
  earlierCount: z.number().default(0),
  reservedAtMs: z.number().default(0),
});

/** Parses a stored item; one that was never written has nothing reserved. @throws StoredRowInvalid */
export function parseQuotaRow(row: unknown): QuotaState {
  return parseStored(rowSchema, row);
}
