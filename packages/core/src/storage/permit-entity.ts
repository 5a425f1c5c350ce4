import * as z from "zod";
import { PHASES, UNDECIDED } from "../law/control.ts";
import { bySum, type EvidenceSum, evidenceSchema } from "../law/evidence.ts";
import { parseStored } from "../parsing/parse-stored.ts";
import { parseLease } from "../permits/lease.ts";
import { NO_SPLIT } from "../permits/split.ts";
import { parseWish } from "../permits/wish.ts";
import type { PermitShard } from "../ports/permit-items.ts";
import type { Split } from "../ports/split.ts";

const ATTRIBUTES = {
  provider: { type: "string", required: true },
  shard: { type: "number", required: true },
  leases: { type: "set", items: "string" },
  expressWishes: { type: "set", items: "string" },
  bulkWishes: { type: "set", items: "string" },
  expressStreak: { type: "number" },
  phase: { type: ["closed", "open", "half-open"] },
  limit: { type: "number" },
  epoch: { type: "number" },
  probeAtMs: { type: "number" },
  closedAtMs: { type: "number" },
  wellAtMs: { type: "number" },
  probeUntilMs: { type: "number" },
  heldUntilMs: { type: "number" },
  pinnedUntilMs: { type: "number" },
  unpinnedLimit: { type: "number" },
  forcedUntilMs: { type: "number" },
  orderedVersion: { type: "number" },
  orderedFromMs: { type: "number" },
  orderedUntilMs: { type: "number" },
  lastOkAtMs: { type: "number" },
  rejectedSinceOkCount: { type: "number" },
  /** Number of shards that lend; 0 while the shard lends nothing. */
  split: { type: "number" },
  splitVersion: { type: "number" },
  splitSinceMs: { type: "number" },
  splitFromCount: { type: "number" },
  splitToCount: { type: "number" },
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
 * and adding or deleting twice does nothing. So are wishes, in a set for each lane.
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
  closedAtMs: z.exactOptional(z.number()),
  wellAtMs: z.exactOptional(z.number()),
  probeUntilMs: z.number().default(0),
  heldUntilMs: z.number().default(0),
  pinnedUntilMs: z.exactOptional(z.number()),
  unpinnedLimit: z.exactOptional(z.int().min(1)),
  forcedUntilMs: z.exactOptional(z.number()),
  lastOkAtMs: z.number().default(0),
  rejectedSinceOkCount: z.int().min(0).default(0),
});

const wishSet = z.array(z.string().transform(parseWish)).default([]);
const wishesSchema = z
  .object({ expressWishes: wishSet, bulkWishes: wishSet, expressStreak: z.int().min(0).default(0) })
  .transform(({ expressWishes: express, bulkWishes: records, expressStreak }) => ({
    wishes: { records, express },
    expressStreak,
  }));

const splitSchema = z
  .object({
    split: z.int().min(0).optional(),
    splitVersion: z.int().min(1).default(1),
    splitSinceMs: z.number().default(0),
    splitFromCount: z.int().min(1).default(1),
    splitToCount: z.int().min(1).default(1),
  })
  .transform((row): Split => {
    const { split: count, splitVersion: version, splitSinceMs: sinceMs } = row;
    if (count === undefined) return NO_SPLIT;
    if (count > 0) return { kind: "lending", version, count, sinceMs };
    const { splitFromCount: fromCount, splitToCount: toCount } = row;
    return { kind: "draining", version, fromCount, toCount, sinceMs };
  });

const orderedSchema = z
  .object({
    orderedVersion: z.int().min(1).optional(),
    orderedFromMs: z.number().default(0),
    orderedUntilMs: z.number().default(0),
  })
  .transform(({ orderedVersion: version, orderedFromMs: fromMs, orderedUntilMs: untilMs }) =>
    version === undefined ? {} : { orderedHold: { version, fromMs, untilMs } },
  );

/** Schema of a row. Each sum is an attribute beside the leases: DynamoDB adds to it at no extra price. */
const rowSchema = z.preprocess(
  (row) => [row, row, row, row, row],
  z.tuple([shardSchema, splitSchema, evidenceSchema, orderedSchema, wishesSchema]),
);

/** Parses a stored shard; one that was never written is empty. @throws StoredRowInvalid */
export function parsePermitRow(row: unknown): PermitShard {
  const [shard, split, evidence, ordered, wishes] = parseStored(rowSchema, row);
  return { ...shard, ...ordered, ...wishes, split, evidence };
}
