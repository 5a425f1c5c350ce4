import type * as z from "zod";

/**
 * One sentence for a zod issue that was raised with `reportInput`: the option, its legal values, the value received.
 */
export function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])} is not an option`).join("; ");
  }
  if (issue.code === "invalid_key") {
    return `${pathOf(issue.path)} ${issue.issues[0]?.message ?? "is not a legal name"}`;
  }
  return `${pathOf(issue.path)} ${issue.message}, received ${shown(issue.input)}`;
}

/** The value as text. JSON has no NaN, no bigint, and no object that contains itself. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value !== "object" && typeof value !== "string") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return "an object that is not JSON";
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "the definition" : path.map(String).join(".");
}
