import { SluiceError } from "../errors.ts";
import { describeValue } from "../records/describe-value.ts";

/**
 * The id of a run or a record as a caller hands it in: plain JavaScript may hand in anything.
 * @throws SluiceError `input-invalid` if it is no text
 */
export function nameArgument(value: unknown, name: "recordId" | "runId"): string {
  if (typeof value === "string") return value;
  throw new SluiceError("input-invalid", `${name} must be a text, received ${describeValue(value)}`);
}
