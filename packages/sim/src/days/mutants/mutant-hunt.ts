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
  readonly caught?: CaughtBy & { readonly rule: RuleName; readonly what: string };
  /** Drawn days that it took. */
  readonly days: number;
}

/** The day that caught a mutant: a drawn one, or a kept story that once broke a rule. */
export type CaughtBy = { readonly seed: number } | { readonly story: string };
