import type { Command } from "commander";

/** A word of the command line that others may follow. */
export interface VerbNode {
  /** The words that lead to it, such as `dead redrive`; empty for the program itself. */
  readonly path: string;
  readonly words: readonly CompletionWord[];
  readonly options: readonly CompletionOption[];
  /** Arguments follow it, such as a file or an id. */
  readonly takesArgument: boolean;
}

/** A word that a shell offers. */
export interface CompletionWord {
  readonly word: string;
  readonly description: string;
}

/** An option that a shell offers. */
export interface CompletionOption extends CompletionWord {
  /** The values that it may have, as far as they are known. */
  readonly choices: readonly string[];
}

/** All verbs of a program with their options, the program first. */
export function verbTree(program: Command): readonly VerbNode[] {
  const nodes = (command: Command, path: string): readonly VerbNode[] => [
    nodeOf(command, path),
    ...command.commands.flatMap((verb) => nodes(verb, `${path} ${verb.name()}`.trim())),
  ];
  return nodes(program, "");
}

function nodeOf(command: Command, path: string): VerbNode {
  const help = { word: "--help", description: "show help", choices: [] };
  return {
    path,
    words: command.commands.map((verb) => ({
      word: verb.name(),
      description: verb.summary() || verb.description(),
    })),
    options: [
      ...command.options.flatMap(({ long, description, argChoices = [] }) =>
        typeof long === "string" ? [{ word: long, description, choices: argChoices }] : [],
      ),
      help,
    ],
    takesArgument: command.registeredArguments.length > 0,
  };
}
