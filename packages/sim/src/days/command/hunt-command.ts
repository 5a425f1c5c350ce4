import { SluiceError } from "@sluice/core/errors";
import { huntMutants } from "../mutants/hunt-mutants.ts";
import type { Mutant } from "../mutants/mutant.ts";
import type { MutantCatch } from "../mutants/mutant-hunt.ts";
import { MUTANTS } from "../mutants/mutants.ts";
import type { SimulateOptions } from "./options.ts";

/** A mutant and its end, as JSON. */
export interface MutantResult extends MutantCatch {
  readonly name: string;
  readonly file: string;
}

/**
 * Hunts every mutant, and prints a line for each as it is caught, or a list of results as JSON at the end.
 * @returns those that have survived
 */
export async function huntCommand(
  { from, seeds, jobs, json, mutants }: SimulateOptions,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<readonly MutantResult[]> {
  const results: MutantResult[] = [];
  const hunted = MUTANTS.filter(({ name }) => mutants === true || name.includes(String(mutants)));
  if (hunted.length === 0) throw new SluiceError("input-invalid", noSuchMutant(String(mutants)));
  await huntMutants(hunted, {
    fromSeed: from,
    seedsMax: seeds,
    threadCount: Math.min(jobs, hunted.length),
    signal,
    onCaught(mutant, result) {
      results.push({ name: mutant.name, file: mutant.file, ...result });
      if (!json) print(lineOf(mutant, result));
    },
  });
  const survived = results.filter(({ caught }) => caught === undefined);
  if (json) print(JSON.stringify(results, null, 2));
  else print(`${results.length - survived.length} of ${hunted.length} mutants were caught`);
  return survived;
}

function lineOf({ name }: Mutant, { caught, days }: MutantCatch): string {
  if (caught === undefined) return `✗ ${name}: survived ${days} days`;
  if ("story" in caught)
    return `✓ ${name}: ${caught.rule} in the story ${caught.story}, by none of ${days} days`;
  return `✓ ${name}: ${caught.rule} on seed ${caught.seed}, after ${days} days`;
}

function noSuchMutant(text: string): string {
  const names = MUTANTS.map(({ name }) => `  ${name}`).join("\n");
  return `No mutant has "${text}" in its name. Take a part of one of these:\n${names}`;
}
