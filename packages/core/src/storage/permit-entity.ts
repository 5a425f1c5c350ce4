import * as z from "zod";
import { PHASES, UNDECIDED } from "../law/control.ts";
import { bySum, type EvidenceSum, evidenceSchema } from "../law/evidence.ts";
import { parseStored } from "../parsing/parse-stored.ts";
import { parseLease } from "../permits/lease.ts";
import type { PermitShard } from "../ports/permit-items.ts";

const ATTRIBUTES = {
  provider: { type: "string", required: true },
  shard: { type: "number", required: true },
  leases: { type: "set", items: "string" },
  phase: { type: ["closed", "open", "half-open"] },
  limit: { type: "number" },
  epoch: { type: "number" },
  probeAtMs: { type: "number" },
  probeUntilMs: { type: "number" },
  heldUntilMs: { type: "number" },
  lastOkAtMs: { type: "number" },
} as const;

interface NumberAttribute {
  readonly type: "number";
}

const INDEXES = {
  byShard: {
    pk: { field: "pk", composite: ["provider", "shard"], casing: "none" },
    sk: { field: "sk", composite: [], casing: "none" },
  },
} as const;

/**
 * ElectroDB's model of a provider's permits, split over shards, with the evidence that their holders report.
 * Leases are a set of strings: its size is the number of permits out, so that no counter can drift from it,
 * and adding or deleting twice does nothing.
 */
export const PERMIT_MODEL: {
  readonly model: { readonly service: "sluice"; readonly entity: "permit"; readonly version: "1" };
  readonly attributes: typeof ATTRIBUTES & Readonly<Record<EvidenceSum, NumberAttribute>>;
  readonly indexes: typeof INDEXES;
} = {
  model: { service: "sluice", entity: "permit", version: "1" },
  attributes: { ...ATTRIBUTES, ...bySum((): NumberAttribute => ({ type: "number" })) },
  indexes: INDEXES,
};

const shardSchema = z.object({
  leases: z.array(z.string().transform(parseLease)).default([]),
  phase: z.enum(PHASES).default(UNDECIDED.phase),
  limit: z.int().min(1).default(UNDECIDED.limit),
  epoch: z.int().min(0).default(UNDECIDED.epoch),
  probeAtMs: z.exactOptional(z.number()),
  probeUntilMs: z.number().default(0),
  heldUntilMs: z.number().default(0),
  lastOkAtMs: z.number().default(0),
});

/** Schema of a row. Each sum is an attribute beside the leases: DynamoDB adds to it at no extra price. */
const rowSchema = z.preprocess((row) => [row, row], z.tuple([shardSchema, evidenceSchema]));

/** Parses a stored shard; one that was never written is empty. @throws StoredRowInvalid */
export function parsePermitRow(row: unknown): PermitShard {
  const [shard, evidence] = parseStored(rowSchema, row);
  return { ...shard, evidence };
}
