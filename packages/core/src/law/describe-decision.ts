import type { ControlState, Decision } from "./law.ts";

/** A decision as one sentence: the rule, what it rested on, and what it changed. */
export function describeDecision({ rule, inputs, before, after }: Decision): string {
  const why = Object.entries(inputs).map(([name, value]) => `${name} ${rounded(value)}`);
  const reasons = why.length === 0 ? "" : ` (${why.join(", ")})`;
  return `${rule}${reasons}: ${status(before)} → ${status(after)}`;
}

function status({ phase, limit }: ControlState): string {
  return phase === "closed" ? `limit ${limit}` : phase;
}

function rounded(value: number | string): string {
  return typeof value === "string" ? value : String(Math.round(value * 1_000) / 1_000);
}
