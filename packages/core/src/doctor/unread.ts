import { messageOf } from "../errors.ts";
import type { Reading } from "../ports/deployment-reader.ts";
import type { Result } from "./finding.ts";

/** The result of a check whose reading could not be had. */
export function unread(reading: Exclude<Reading<unknown>, { readonly kind: "read" }>): Result {
  switch (reading.kind) {
    case "denied":
      return { kind: "not-checked", cause: reading.cause, permission: reading.permission };
    case "unreachable":
      return { kind: "not-checked", cause: reading.cause };
    case "not-here":
      return reading;
  }
}

/** IAM's refusals name the action. */
const DENIED = /not authorized to perform: ([\w-]+:\w+)/;

/** The result of a check that was thrown out of. */
export function thrownOut(thrown: unknown): Result {
  const cause = messageOf(thrown).replaceAll(/\s+/g, " ");
  const [, permission] = DENIED.exec(cause) ?? [];
  return { kind: "not-checked", cause, ...(permission !== undefined && { permission }) };
}
