import * as z from "zod";

/**
 * Longest run id or correlation id that a scheduler takes, in UTF-16 code units: with both of them ten of the largest
 * records stay below SQS's 1 MiB for a batch.
 */
export const RUN_NAME_MAX_LENGTH = 1_024;

/**
 * A run id or correlation id as the ventilator takes it. It may be longer than what a scheduler takes: one of an older
 * version may have sent it.
 */
export const runNameSchema: z.ZodString = z
  .string("must be a text")
  .min(1, "must not be empty")
  .refine((name) => name.isWellFormed(), "must be well-formed Unicode: it holds half a surrogate pair");
