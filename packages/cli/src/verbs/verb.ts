import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";

/** Adds a verb to the program. */
export type AddVerb = (program: Command, run: Runner) => void;

/** Makes the action of a verb out of what it does, which answers with the exit code. */
export type Runner = <Args extends readonly unknown[]>(
  verb: (around: Surroundings, ...args: Args) => Promise<number>,
) => (...args: [...Args, Command]) => Promise<void>;

/** Exit codes: fine; the answer is bad news; wrong use; interrupted. */
export const EXIT = { fine: 0, badNews: 1, usage: 2, interrupted: 130 } as const;

/** The examples of a verb's help. */
export function examplesText(...examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ sluice ${example}`).join("\n")}`;
}
