import { wholeNumber } from "@sluice/sim/command";
import { type Command, Option } from "commander";
import { withChange } from "./change-options.ts";
import { dropDead, redriveDead } from "./dead-change.ts";
import { listDead, showDead } from "./dead-list.ts";
import { withPlace } from "./place-options.ts";
import { type AddVerb, examplesText } from "./verb.ts";

/** More a second than SQS takes of a queue without high throughput. */
const RATE_MAX = 3_000;

/** Adds `dead list`, `dead show`, `dead redrive` and `dead drop`. */
export const addDead: AddVerb = (program, run) => {
  const group = program.command("dead").description("look at dead letters, put them back, or delete them");
  withPlace(group.command("list"))
    .description("list dead letters by cause; they stay where they are, in their order")
    .option("--cause <text>", "only those whose cause has this in it")
    .option("--letters", "one by one")
    .addHelpText("after", examplesText("dead list --provider acme", "dead list --cause 'HTTP 404' --letters"))
    .action(run(listDead));
  withPlace(group.command("show <id>"))
    .description("show a dead letter, by its own id or its record's: payload, cause, attempts")
    .addHelpText("after", examplesText("dead show customer-17 --provider acme"))
    .action(run(showDead));
  withLetters(group.command("redrive [ids...]"))
    .description("put dead letters back into their lanes, with all of their attempts; Ctrl-C loses none")
    .addOption(new Option("--rate <n>", "letters a second, at most").argParser(wholeNumber(1, RATE_MAX)))
    .addHelpText(
      "after",
      examplesText(
        "dead redrive customer-17 --provider acme",
        "dead redrive --cause 'HTTP 404' --dry-run",
        "dead redrive --all --rate 10 --reason 'they have mended it' --yes",
      ),
    )
    .action(run(redriveDead));
  withLetters(group.command("drop [ids...]"))
    .description("delete dead letters for good: their records stay dead in their runs")
    .addHelpText(
      "after",
      examplesText("dead drop customer-17 --provider acme", "dead drop --cause 'HTTP 410'"),
    )
    .action(run(dropDead));
};

function withLetters(command: Command): Command {
  return withChange(command)
    .option("--cause <text>", "all whose cause has this in it")
    .option("--all", "all of them");
}
