import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import type { ListedRun, Roster } from "../ports/rosters.ts";
import { LANES } from "../provider/lane.ts";

/** ElectroDB's model of a run in a list: of its day, or of its only record. */
export const LISTED_RUN_MODEL = {
  model: { service: "sluice", entity: "listedrun", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    /** `day/` and a UTC day, or `record/` and a record's key. */
    runsOf: { type: "string", required: true },
    time: { type: "string", required: true },
    runKey: { type: "string", required: true },
    runId: { type: "string", required: true },
    lane: { type: ["records", "express"], required: true },
    createdAtMs: { type: "number", required: true },
    onlyRecordId: { type: "string" },
    fingerprints: { type: "string" },
    expiresAtSeconds: { type: "number" },
  },
  indexes: {
    byTime: {
      pk: { field: "pk", composite: ["provider", "runsOf"], casing: "none" },
      sk: { field: "sk", composite: ["time", "runKey"], casing: "none" },
    },
  },
} as const;

/** ElectroDB's model of a part of a run's roster, in the partition of the run. */
export const ROSTER_MODEL = {
  model: { service: "sluice", entity: "roster", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    runKey: { type: "string", required: true },
    // Keys sort as text.
    fromNumber: { type: "number", required: true, padding: { length: 9, char: "0" } },
    fingerprints: { type: "string", required: true },
    expiresAtSeconds: { type: "number" },
  },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["provider", "runKey"], casing: "none" },
      sk: { field: "sk", composite: ["fromNumber"], casing: "none" },
    },
  },
} as const;

const listedSchema = z.object({
  runId: z.string(),
  lane: z.enum(LANES),
  createdAtMs: z.number(),
  onlyRecordId: z.exactOptional(z.string()),
  fingerprints: z.exactOptional(z.string()),
});

/** Parses a stored listing. @throws StoredRowInvalid */
export function parseListedRunRow(row: unknown): ListedRun {
  const { fingerprints, ...run } = parseStored(listedSchema, row);
  return fingerprints === undefined ? run : { ...run, roster: { fromNumber: 0, fingerprints } };
}

const rosterSchema: z.ZodType<Roster> = z.object({ fromNumber: z.int().min(0), fingerprints: z.string() });

/** Parses a stored part of a roster. @throws StoredRowInvalid */
export function parseRosterRow(row: unknown): Roster {
  return parseStored(rosterSchema, row);
}
