import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import { evidenceSchema } from "../law/evidence.ts";
import type { PermitShard } from "../ports/permit-items.ts";

const leasesSchema = z.object({
  leases: z.array(z.string()).default([]),
  phase: z.exactOptional(z.enum(["closed", "open", "half-open"])),
  limit: z.exactOptional(z.int().min(1)),
  epoch: z.exactOptional(z.int().min(0)),
  heldUntilMs: z.exactOptional(z.number()),
  lastOkAtMs: z.exactOptional(z.number()),
});

/** A row keeps the sums beside the leases: DynamoDB adds to attributes of their own at no other price. */
const rowSchema = z.preprocess((row) => [row, row], z.tuple([leasesSchema, evidenceSchema]));

/** Parses a stored shard. @throws StoredRowInvalid */
export function parsePermitRow(row: unknown): PermitShard {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) throw new StoredRowInvalid(JSON.stringify(row), z.prettifyError(parsed.error));
  const [shard, evidence] = parsed.data;
  return { ...shard, evidence };
}
