import { Argument } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion/scripts.ts";
import { verbTree } from "../completion/verb-tree.ts";
import type { Surroundings } from "../surroundings.ts";
import { type AddVerb, EXIT } from "./verb.ts";

/** Adds `completion`: the script by which a shell completes verbs and options. It is the last verb to be added. */
export const addCompletion: AddVerb = (program, run) => {
  program
    .command("completion")
    .description("print the script by which a shell completes verbs and options")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText(
      "after",
      [
        "",
        "Examples:",
        "  $ source <(sluice completion bash)        # or in ~/.bashrc; zsh alike",
        "  $ sluice completion fish > ~/.config/fish/completions/sluice.fish",
        "",
        "In the repository alias the command first: alias sluice='npx sluice'",
      ].join("\n"),
    )
    .action(
      run(async ({ stdout }: Surroundings, shell: Shell) => {
        stdout.write(completionScript(shell, verbTree(program)));
        return EXIT.fine;
      }),
    );
};
