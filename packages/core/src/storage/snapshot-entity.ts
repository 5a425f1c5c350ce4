import * as z from "zod";
import { PHASES } from "../law/control.ts";
import { parseStored } from "../parsing/parse-stored.ts";
import type { Snapshot } from "../ports/history-store.ts";
import { jsonTextSchema } from "./json-text.ts";

/** ElectroDB's model of a snapshot. A partition holds one provider's UTC day, and is ordered by time. */
export const SNAPSHOT_MODEL = {
  model: { service: "sluice", entity: "snapshot", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    snapshotDay: { type: "string", required: true },
    time: { type: "string", required: true },
    /** JSON text: its numbers are read together or not at all. */
    json: { type: "string", required: true },
    /** The table's time to live. */
    expiresAtSeconds: { type: "number", required: true },
  },
  indexes: {
    byTime: {
      pk: { field: "pk", composite: ["provider", "snapshotDay"], casing: "none" },
      sk: { field: "sk", composite: ["time"], casing: "none" },
    },
  },
} as const;

const count = z.number().min(0);
const depthSchema = z.object({ visibleCount: count, inFlightCount: count });
const snapshotSchema = z.object({
  atMs: z.number(),
  phase: z.enum(PHASES),
  limit: z.number(),
  maxConcurrency: z.number(),
  inFlightCount: count,
  probeAtMs: z.exactOptional(z.number()),
  usualLatencyMs: z.exactOptional(z.number()),
  environmentHold: z.exactOptional(z.enum(["cant-begin", "all-rejected"])),
  heldUntilMs: z.exactOptional(z.number()),
  plannedUntilMs: z.exactOptional(z.number()),
  quotaHeldUntilMs: z.exactOptional(z.object({ records: z.number(), express: z.number() })),
  quotaUsed: z.exactOptional(z.object({ day: z.string(), usedCount: count })),
  valve: z.exactOptional(
    z.object({
      state: z.enum(["creating", "enabling", "enabled", "disabling", "disabled", "updating", "deleting"]),
      batchSize: z.number(),
      maximumConcurrency: z.exactOptional(z.number()),
      opening: z.exactOptional(z.object({ atMs: z.number(), part: z.number() })),
    }),
  ),
  queued: z.object({ records: depthSchema, express: depthSchema }),
  deadLetterCount: count,
  outcomes: z.object({
    okCount: count,
    slowCount: count,
    faultCount: count,
    throttledCount: count,
    rejectedCount: count,
    unavailableCount: count,
    lnLatencySum: count,
    lnLatencySquareSum: count,
  }),
});
const rowSchema: z.ZodType<{ readonly json: Snapshot }> = z.object({
  json: jsonTextSchema.pipe(snapshotSchema),
});

/** Parses a stored snapshot. @throws StoredRowInvalid */
export function parseSnapshotRow(row: unknown): Snapshot {
  return parseStored(rowSchema, row).json;
}
