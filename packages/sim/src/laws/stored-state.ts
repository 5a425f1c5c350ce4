import { StoredRowInvalid } from "@sluice/core/errors";
import * as z from "zod";

/** The schemas of {@link governedShape}. */
export interface GovernedShape {
  readonly phase: z.ZodEnum<{ closed: "closed"; open: "open" }>;
  readonly limit: z.ZodInt;
  readonly epoch: z.ZodInt;
  readonly probeAtMs: z.ZodExactOptional<z.ZodNumber>;
}

/** The stored form of what permits and valve obey, for laws that never probe. */
export const governedShape: GovernedShape = {
  phase: z.enum(["closed", "open"]),
  limit: z.int().min(1),
  epoch: z.int().min(0),
  probeAtMs: z.exactOptional(z.number()),
};

/** Parses a stored state of the law `name`. @throws StoredRowInvalid */
export function parseState<State>(schema: z.ZodType<State>, name: string, stored: unknown): State {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(stored), `no state of ${name}: ${z.prettifyError(parsed.error)}`);
}
