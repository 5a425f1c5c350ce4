import * as z from "zod";
import { UnsupportedRequest } from "../errors.ts";

/** Schema of a map of values, which are checked where they are stored. */
export const mapSchema: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.unknown());

/** Schema of names behind their placeholders. */
export const namesSchema: z.ZodType<Record<string, string> | undefined> = z
  .record(z.string(), z.string())
  .optional();

/** Schema of whether a refused write is told the item. */
export const refusalSchema: z.ZodType<"NONE" | "ALL_OLD" | undefined> = z
  .enum(["NONE", "ALL_OLD"])
  .optional();

/** Reads a request by its schema. @throws UnsupportedRequest for anything in it that the schema does not know */
export function readInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  throw new UnsupportedRequest(`this request: ${z.prettifyError(read.error)}`);
}
