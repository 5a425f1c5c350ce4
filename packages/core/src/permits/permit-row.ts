import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { PermitShard } from "../ports/permit-items.ts";

const rowSchema = z.object({
  leases: z.array(z.string()).default([]),
  phase: z.exactOptional(z.enum(["closed", "open", "half-open"])),
  limit: z.exactOptional(z.int().min(1)),
  epoch: z.exactOptional(z.int().min(0)),
  heldUntilMs: z.exactOptional(z.number()),
});

/** Parses a stored shard. @throws StoredRowInvalid */
export function parsePermitRow(row: unknown): PermitShard {
  const parsed = rowSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(row), z.prettifyError(parsed.error));
}
