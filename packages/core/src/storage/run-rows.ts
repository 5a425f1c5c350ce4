import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import type { LostRecord, Run, RunPart } from "../ports/run-store.ts";
import { LANES } from "../provider/lane.ts";
import { RECORD_ENDS } from "../records/record-end.ts";

const count = z.int().min(0);
const runSchema = z.object({
  runId: z.string(),
  correlationId: z.string(),
  lane: z.enum(LANES),
  createdAtMs: z.number(),
  deadlineMs: z.exactOptional(z.number()),
  plannedCount: count,
  digest: z.string(),
  isSealed: z.boolean(),
  sentCount: count.default(0),
  cancelledAtMs: z.exactOptional(z.number()),
  lateToldAtMs: z.exactOptional(z.number()),
  completedAtMs: z.exactOptional(z.number()),
  isAnnounced: z.boolean().default(false),
  counts: z.exactOptional(z.record(z.enum(RECORD_ENDS), count)),
});

/** Parses a stored run. @throws StoredRowInvalid */
export function parseRunRow(row: unknown): Run {
  const { completedAtMs, isAnnounced, counts, ...run } = parseStored(runSchema, row);
  if (completedAtMs === undefined || counts === undefined) return run;
  return { ...run, completion: { completedAtMs, isAnnounced, counts } };
}

const marks = z.array(count).default([]);
const partSchema = z.object({
  level: count,
  index: count,
  firstAtMs: z.number(),
  lastAtMs: z.number(),
  fetched: marks,
  fetchedBefore: marks,
  dead: marks,
  expired: marks,
  cancelled: marks,
  full: marks,
});

/** Parses a stored part. @throws StoredRowInvalid */
export function parseRunPartRow(row: unknown): RunPart {
  const { level, index, firstAtMs, lastAtMs, ...given } = parseStored(partSchema, row);
  const present = Object.entries(given).filter(([, places]) => places.length > 0);
  return { level, index, firstAtMs, lastAtMs, marks: Object.fromEntries(present) };
}

const lostSchema: z.ZodType<LostRecord> = z.object({
  number: count,
  end: z.enum(["dead", "expired"]),
  recordId: z.string(),
  cause: z.string(),
  atMs: z.number(),
});

/** Parses a stored lost record. @throws StoredRowInvalid */
export function parseLostRecordRow(row: unknown): LostRecord {
  return parseStored(lostSchema, row);
}

const watchedSchema = z.object({ runIds: z.array(z.string()).default([]) });

/** Parses the stored list of watched runs. @throws StoredRowInvalid */
export function parseWatchedRow(row: unknown): readonly string[] {
  return parseStored(watchedSchema, row).runIds;
}
