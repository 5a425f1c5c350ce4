import type * as z from "zod";

/** One sentence for a zod issue that was raised with `reportInput`: option, what is legal, what was given. */
export function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])} is not an option`).join("; ");
  }
  if (issue.code === "invalid_key") {
    return `${pathOf(issue.path)} ${issue.issues[0]?.message ?? "is not a legal name"}`;
  }
  return `${pathOf(issue.path)} ${issue.message}, received ${shown(issue.input)}`;
}

/** JSON knows neither NaN nor bigints, and no object that holds itself. */
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
