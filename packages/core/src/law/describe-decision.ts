import type { Control } from "./control.ts";
import type { Decision } from "./law.ts";

/** A decision as one sentence: rule, inputs, before → after. */
export function describeDecision({ rule, inputs, before, after }: Decision): string {
  const why = Object.entries(inputs).map(([name, value]) => `${name} ${rounded(value)}`);
  const reasons = why.length === 0 ? "" : ` (${why.join(", ")})`;
  return `${rule}${reasons}: ${summaryOf(before)} → ${summaryOf(after)}`;
}

function summaryOf({ phase, limit, reason }: Control): string {
  if (phase === "closed") return `limit ${limit}`;
  return reason === undefined ? phase : `${phase} (${reason})`;
}

function rounded(value: number | string): string {
  return typeof value === "string" ? value : String(Math.round(value * 1_000) / 1_000);
}
