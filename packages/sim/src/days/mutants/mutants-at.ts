import type { Mutant } from "./mutant.ts";

/** The sources of the core. */
export const CORE = "packages/core/src";

/** Mutants of one file: each a name, the text, and the text in its place. */
export function at(
  file: string,
  ...changes: readonly (readonly [name: string, from: string, to: string])[]
): Mutant[] {
  return changes.map(([name, from, to]) => ({ name, file, from, to }));
}
