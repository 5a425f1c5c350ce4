import * as z from "zod";

/** Schema of a number within bounds, both included; the error for anything else names the range. */
export function number(min: number, max: number): z.ZodNumber {
  const error = `must be a number from ${min} to ${max}`;
  return z.number(error).check(z.gte(min, error), z.lte(max, error));
}

/** Schema of a whole number within bounds, both included; the error for anything else names the range. */
export function wholeNumber(min: number, max: number): z.ZodInt {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).check(z.gte(min, error), z.lte(max, error));
}
