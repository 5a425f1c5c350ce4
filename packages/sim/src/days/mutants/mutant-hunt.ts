import type { RuleName } from "../rules/rule.ts";
import type { Mutant } from "./mutant.ts";

/** A mutant to be caught, and the seeds to catch it with. */
export interface MutantHunt {
  readonly mutant: Mutant;
  readonly fromSeed: number;
  readonly seedsMax: number;
}

/** The end of a hunt: the first breach, or undefined if the mutant has survived. */
export interface MutantCatch {
  readonly caught?: { readonly rule: RuleName; readonly seed: number; readonly what: string };
  /** Days that it took. */
  readonly days: number;
}
