import * as z from "zod";
import { parseStored } from "../parsing/parse-stored.ts";
import type { Fetch, Waiting } from "../ports/fetch-store.ts";
import { OUTCOME_KINDS } from "../worker/outcome.ts";

/**
 * ElectroDB's model of a record on a provider day. Key casing is `none` because ids may differ by case alone;
 * the record stands in the partition key, so that the load spreads.
 */
export const FETCH_MODEL = {
  model: { service: "sluice", entity: "fetch", version: "1" },
  attributes: {
    provider: { type: "string", required: true },
    day: { type: "string", required: true },
    recordKey: { type: "string", required: true },
    recordId: { type: "string", required: true },
    status: { type: ["fetching", "fetched", "failed", "dead"], required: true },
    attempts: { type: "number", required: true },
    freeStarts: { type: "number" },
    isFree: { type: "boolean" },
    attemptId: { type: "string", required: true },
    claimedAtMs: { type: "number" },
    leaseUntilMs: { type: "number", required: true },
    runId: { type: "string", required: true },
    correlationId: { type: "string", required: true },
    /** Each a number, a space and the id of a run. */
    waiting: { type: "set", items: "string" },
    history: {
      type: "list",
      items: {
        type: "map",
        properties: {
          attemptId: { type: "string", required: true },
          startedAtMs: { type: "number", required: true },
          endedAtMs: { type: "number", required: true },
          outcome: {
            type: ["ok", "slow", "fault", "throttled", "rejected", "unavailable"],
            required: true,
          },
          latencyMs: { type: "number" },
          cause: { type: "string" },
          lastOkAtMs: { type: "number" },
          isFree: { type: "boolean" },
        },
      },
    },
    /** The table's time to live. DynamoDB deletes late, so no rule rests on it. */
    expiresAtSeconds: { type: "number" },
  },
  indexes: {
    byRecord: {
      pk: { field: "pk", composite: ["provider", "day", "recordKey"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
} as const;

const rowSchema = z.object({
  provider: z.string(),
  day: z.string(),
  recordId: z.string(),
  status: z.enum(["fetching", "fetched", "failed", "dead"]),
  attempts: z.int(),
  freeStarts: z.exactOptional(z.int()),
  isFree: z.exactOptional(z.literal(true)),
  attemptId: z.string(),
  claimedAtMs: z.exactOptional(z.number()),
  leaseUntilMs: z.number(),
  runId: z.string(),
  correlationId: z.string(),
  waiting: z.exactOptional(z.array(z.string().transform(waitingOf))),
  history: z
    .array(
      z.object({
        attemptId: z.string(),
        startedAtMs: z.number(),
        endedAtMs: z.number(),
        outcome: z.enum(OUTCOME_KINDS),
        latencyMs: z.exactOptional(z.number()),
        cause: z.exactOptional(z.string()),
        lastOkAtMs: z.exactOptional(z.number()),
        isFree: z.exactOptional(z.literal(true)),
      }),
    )
    .default([]),
});

/** The text of a record of a run, in the set of those that wait. */
export function waitingText({ number, runId }: Waiting): string {
  return `${number} ${runId}`;
}

function waitingOf(text: string): Waiting {
  const space = text.indexOf(" ");
  return { number: Number(text.slice(0, space)), runId: text.slice(space + 1) };
}

/** Parses a stored row. @throws StoredRowInvalid */
export function parseFetchRow(row: unknown): Fetch {
  return parseStored(rowSchema, row);
}
