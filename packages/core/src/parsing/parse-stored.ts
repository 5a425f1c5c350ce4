import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";

/**
 * Parses what was stored: a row, or a part of one.
 * @throws StoredRowInvalid if it is not what the schema asks for; the message shows it and says why
 */
export function parseStored<T>(schema: z.ZodType<T>, stored: unknown): T {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(stored), z.prettifyError(parsed.error));
}
